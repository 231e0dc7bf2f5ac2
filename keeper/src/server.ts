import { type Log, listen, logLine, shutDown, urlOf } from '@chartkey/service';
import { createApp } from './app.ts';
import { configFrom, type KeeperOptions } from './config.ts';
import { makeParts } from './parts.ts';

export type KeeperServer = {
  readonly url: string;
  /** Lets requests under way end (up to `graceMs`), then frees the port. */
  close(): Promise<void>;
};

/**
 * Starts a keeper.
 *
 * Warning: with this seed and the public envelopes, shares can be opened. Safety of the records
 * needs fewer than k keepers to lose theirs, and this keeper's RPC endpoints to be its own.
 *
 * @throws Error with one plain line: port taken, an option out of range, the wrong chain
 */
export async function startKeeper(options: KeeperOptions, log: Log = logLine): Promise<KeeperServer> {
  const config = configFrom(options);
  const { keeping, metrics, close: closeParts } = await makeParts(config);
  let stopping = false;
  const isStopping = () => stopping;
  const server = await listen(createApp({ keeping, config, log, metrics, isStopping }), config);
  const close = async () => {
    stopping = true;
    await shutDown(server, config.graceMs);
    await closeParts();
  };
  return { url: urlOf(server, config.host), close };
}
