import { readFile } from 'node:fs/promises';
import {
  ChartkeyError,
  type Envelope,
  type Keeper,
  keeperEpoch,
  parseEnvelope,
  rawCid,
  readBlock,
  requestAttest,
  toBase64Url,
} from '@chartkey/sdk';
import { type Hex, hexToBytes } from 'viem';
import { readerFor, storageIfSet } from '../access.ts';
import { type Command, type Given, UsageError } from '../command.ts';
import { CHAIN_OPTIONS, STORAGE_OPTIONS } from '../settings.ts';

export const attest: Command = {
  name: 'keeper attest',
  says: 'Asks the keepers of an envelope whether each can open its block',
  positionals: 'ENVELOPE',
  options: { ...CHAIN_OPTIONS, ...STORAGE_OPTIONS },
  more: 'ENVELOPE is a file, or the 0x digest of an envelope that is in storage.',
  examples: ['keeper attest 0x… --json'],
  run: async (given) => {
    const envelope = await envelopeFrom(given);
    const epoch = await keeperEpoch(await readerFor(given), { epoch: envelope.epoch });
    if (!epoch) throw new ChartkeyError('INPUT_INVALID', 'The chain has no such epoch of keepers.');
    const answers = await Promise.all(epoch.keepers.map((keeper, index) => ask(keeper, index, envelope)));
    const able = answers.filter(({ outcome }) => outcome === 'attested').length;
    return {
      json: { epoch: epoch.epoch, threshold: epoch.threshold, attested: able, keepers: answers },
      lines: [
        `${able} of ${answers.length} keepers can open it; ${epoch.threshold} are needed.`,
        ...answers.map(
          ({ keeper, outcome, message }) => `  ${keeper}  ${outcome}${message ? `: ${message}` : ''}`,
        ),
      ],
      exitCode: able > epoch.threshold || able === answers.length ? 0 : 1,
    };
  },
};

async function ask(keeper: Keeper, index: number, envelope: Envelope) {
  const network = { urlOf: ({ endpoint }: Keeper) => endpoint };
  try {
    const answer = await requestAttest({ network, keeper }, { envelope: toBase64Url(envelope.bytes) });
    if (answer.index === index) return { keeper: keeper.operator, outcome: 'attested', message: '' };
    return { keeper: keeper.operator, outcome: 'WRONG_PLACE', message: 'It has another keeper’s key.' };
  } catch (error) {
    if (!(error instanceof ChartkeyError)) throw error;
    return { keeper: keeper.operator, outcome: error.code, message: error.message };
  }
}

async function envelopeFrom(given: Given): Promise<Envelope> {
  const [what] = given.positionals;
  if (what === undefined) throw new UsageError('An envelope must be given');
  if (!/^0x[0-9a-f]{64}$/.test(what)) return parseEnvelope(await readFile(what));
  const storage = await storageIfSet(given);
  if (!storage) throw new UsageError('--storage-url must be given to read an envelope from storage');
  return parseEnvelope(await readBlock(storage, rawCid(hexToBytes(what as Hex))));
}
