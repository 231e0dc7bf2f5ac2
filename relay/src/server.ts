import { type Log, listen, logLine, rateLimit, shutDown, urlOf } from '@chartkey/service';
import type { Address } from 'viem';
import { createApp } from './app.ts';
import { configFrom, type RelayOptions } from './config.ts';
import { makeParts } from './parts.ts';

const FORGET_EVERY_MS = 3_600_000;

export type RelayServer = {
  readonly url: string;
  /** Who sends, and pays. */
  readonly address: Address;
  /** Lets requests under way end (up to `graceMs`), then frees port and queue. */
  close(): Promise<void>;
};

/**
 * Starts a relay.
 *
 * Warning: nobody's data or consent depends on it. It can delay what was signed; whoever has its key
 * can spend the ether of its account, and nothing else.
 *
 * @throws Error with one plain line: port taken, an option out of range, the wrong chain, a queue in use
 */
export async function startRelay(options: RelayOptions, log: Log = logLine): Promise<RelayServer> {
  const config = configFrom(options);
  const { account, chain, queue, metrics, sender } = await makeParts(config, log);
  const door = {
    chain,
    queue,
    config,
    limitPerson: rateLimit(config.ratePerPerson, 60),
    limitEnrolments: rateLimit(config.enrolmentsPerHour, 3_600),
  };
  let stopping = false;
  const app = createApp({
    door,
    relay: account.address,
    metrics,
    log,
    onAccepted: () => sender.wake(),
    trouble: () => sender.trouble,
    isStopping: () => stopping,
  });
  const server = await listen(app, config).catch((error: unknown) => {
    queue.close();
    throw error;
  });
  const forget = setInterval(() => queue.forget(Math.floor(Date.now() / 1000)), FORGET_EVERY_MS);
  sender.start();
  const close = async () => {
    stopping = true;
    clearInterval(forget);
    await shutDown(server, config.graceMs);
    await sender.stop();
    queue.close();
  };
  return { url: urlOf(server, config.host), address: account.address, close };
}
