import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { configFromEnvironment } from './config.ts';
import { examine } from './doctor.ts';
import { makeParts } from './parts.ts';
import { Queue } from './queue.ts';

/**
 * `node relay/src/operate.ts doctor | queue | drain SECONDS`: what an operator does beside a relay,
 * with the relay's own settings. Says one JSON value on stdout, or one line on stderr.
 */
const VERBS: Readonly<Record<string, (argument: string | undefined) => Promise<unknown>>> = {
  doctor: () => examine(process.env),
  queue: list,
  drain: (seconds) => drain(Number(seconds)),
};
const LOOK_EVERY_MS = 200;

/** What a relay that is stopped has in its file. */
async function list() {
  const { databaseFile } = await configFromEnvironment(process.env);
  // A slip in the name would be told as a queue in which nothing waits.
  if (!existsSync(databaseFile)) throw new Error('CHARTKEY_RELAY_DATABASE_FILE: there is no such file');
  const queue = new Queue(databaseFile);
  try {
    return { counts: queue.counts(), underWay: queue.active() };
  } finally {
    queue.close();
  }
}

/** Sends what waits, takes nothing new, and ends. */
async function drain(seconds: number) {
  const { queue, sender } = await makeParts(await configFromEnvironment(process.env));
  const before = queue.countOf();
  const end = Date.now() + seconds * 1_000;
  sender.start();
  while (queue.countOf() > 0 && Date.now() < end) await setTimeout(LOOK_EVERY_MS);
  await sender.stop();
  const left = queue.countOf();
  queue.close();
  return { before, left, trouble: sender.trouble?.code ?? null };
}

process.removeAllListeners('warning');
process.on('warning', () => {});
const [verb = '', argument] = process.argv.slice(2);
try {
  console.log(JSON.stringify(await VERBS[verb]?.(argument)));
} catch (error) {
  console.error(error instanceof Error ? error.message : 'failed');
  process.exitCode = 1;
}
