import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Address } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { createApp } from './app.ts';
import { Chain } from './chain.ts';
import { configFrom, type RelayConfig, type RelayOptions } from './config.ts';
import { rateLimit } from './limits.ts';
import { type Log, logLine } from './log.ts';
import { createMetrics } from './metrics.ts';
import { Queue } from './queue.ts';
import { Sender } from './sender.ts';

/** Headers and the whole of a request have so long to arrive, in milliseconds: slow ones can't hold a place. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const CHECK_EVERY_MS = 1_000;
const MAX_HEADER_BYTES = 16_384;
const MAX_CONNECTIONS = 512;
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
  const account = privateKeyToAccount(config.key);
  const chain = new Chain(config.rpcUrl, config.deployment);
  await chain.requireContracts();
  const queue = new Queue(config.databaseFile);
  const metrics = createMetrics(() => queue.countOf());
  const sender = new Sender({ account, chain, queue, config, metrics, log });
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
  return { url: urlOf(server, config), address: account.address, close };
}

async function listen(app: Hono, config: RelayConfig): Promise<Server> {
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

function whyNotListening(cause: unknown, { host, port }: RelayConfig): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'EADDRINUSE') return `port ${port} on ${host} is already in use`;
  if (code === 'EACCES') return `port ${port} on ${host} is not allowed for this user`;
  return `cannot listen on port ${port} of ${host} (${code})`;
}

function urlOf(server: Server, { host }: RelayConfig): string {
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
