import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { createApp } from './app.ts';
import { configFrom, type KeeperConfig, type KeeperOptions } from './config.ts';
import { type Log, logLine } from './log.ts';
import { makeParts } from './parts.ts';

/** Headers and the whole of a request have so long to arrive, in milliseconds: slow ones can't hold a place. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const CHECK_EVERY_MS = 1_000;
const MAX_HEADER_BYTES = 16_384;
const MAX_CONNECTIONS = 512;

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
  return { url: urlOf(server, config), close };
}

async function listen(app: Hono, config: KeeperConfig): Promise<Server> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
  }) as Server;
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(config.port, config.host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Error(whyNotListening(cause, config), { cause });
  }
  return server;
}

function whyNotListening(cause: unknown, { host, port }: KeeperConfig): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'EADDRINUSE') return `port ${port} on ${host} is already in use`;
  if (code === 'EACCES') return `port ${port} on ${host} is not allowed for this user`;
  return `cannot listen on port ${port} of ${host} (${code})`;
}

function urlOf(server: Server, { host }: KeeperConfig): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function shutDown(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(late);
}
