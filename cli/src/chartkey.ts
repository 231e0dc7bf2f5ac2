import { auditCommands } from './audit/index.ts';
import { runCommand } from './command.ts';
import { complete, printCompletion } from './completion.ts';
import { consentCommands } from './consent/index.ts';
import { EXIT } from './exit-codes.ts';
import { helpOfAll, helpOfNoun, type Nouns } from './help.ts';
import { keeperCommands } from './keeper/index.ts';
import { participantCommands } from './participant/index.ts';
import { recordCommands } from './record/index.ts';
import { relayCommands } from './relay/index.ts';
import { storageCommands } from './storage/index.ts';
import { walletCommands } from './wallet/index.ts';

/** By noun. Each command says of itself what it does; this file knows none of them. */
const NOUNS: Nouns = {
  participant: { says: 'Who takes part: patients, providers, managers', commands: participantCommands },
  record: { says: 'Records: encrypted here, opened here', commands: recordCommands },
  consent: { says: 'Who may read what, why, and how long', commands: consentCommands },
  audit: { says: 'Who looked', commands: auditCommands },
  storage: { says: 'For those who run storage nodes', commands: storageCommands },
  keeper: { says: 'For those who run keepers, and for governance', commands: keeperCommands },
  relay: { says: 'For those who run relays', commands: relayCommands },
  wallet: { says: 'Keys that sign', commands: walletCommands },
};

const HELP_WORDS: ReadonlySet<string> = new Set(['', '--help', '-h', 'help']);

/** @returns the exit code: see `exit-codes.ts` */
export async function main([noun = '', verb = '', ...args]: readonly string[]): Promise<number> {
  quietWarnings();
  endQuietlyWithoutReader();
  if (noun === 'completion') return printCompletion([verb, ...args]);
  // What the shell asks: `chartkey complete -- record op`.
  if (noun === 'complete') return complete(NOUNS, verb === '--' ? args : [verb, ...args]);
  const known = Object.hasOwn(NOUNS, noun) ? NOUNS[noun] : undefined;
  const command = known?.commands.find(({ name }) => name === `${noun} ${verb}`);
  if (command) return runCommand(command, args);

  const help = known ? helpOfNoun(noun, NOUNS) : helpOfAll(NOUNS);
  const isAsked = HELP_WORDS.has(known ? verb : noun);
  if (isAsked) console.log(help);
  else console.error(`There is no command of that name.\n\n${help}`);
  return isAsked ? EXIT.done : EXIT.notRun;
}

/** Node calls its ML-KEM experimental at every start, in seven lines that are no news to an operator. */
function quietWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (name !== 'ExperimentalWarning') console.error(`${name}: ${message}`);
  });
}

/** `chartkey audit log | head` ends when head does. */
function endQuietlyWithoutReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    throw error;
  });
}
