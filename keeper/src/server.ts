import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { createApp } from './app.ts';
import { Chain } from './chain.ts';
import { configFrom, type KeeperConfig, type KeeperOptions } from './config.ts';
import { codeHashOf, requireContracts } from './contracts.ts';
import { Journal } from './journal.ts';
import { keyPairsOf } from './keys.ts';
import { rateLimit } from './limits.ts';
import { type Log, logLine } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';

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
  const { operator, deployment, confirmations, releaseWindow } = config;
  // Before anything is asked: a wrong passphrase shows at once.
  const keyPairs = await keyPairsOf(config.keys);
  const metrics: Metrics = createMetrics(() => chain.headTime);
  const onTrouble = metrics.trouble;
  const chain = new Chain({ ...config, chainId: deployment.chainId, onTrouble });
  await chain.requireChainId();
  await requireContracts(chain, deployment);
  await requireCode(chain, config);

  const journal = await openJournal(config);
  const limitAccessor = rateLimit(config.ratePerAccessor);
  const keeping = {
    operator,
    keyPairs,
    deployment,
    chain,
    confirmations,
    releaseWindow,
    journal,
    limitAccessor,
  };
  let stopping = false;
  const isStopping = () => stopping;
  const server = await listen(createApp({ keeping, config, log, metrics, isStopping }), config);
  const close = async () => {
    stopping = true;
    await shutDown(server, config.graceMs);
    await journal?.close();
  };
  return { url: urlOf(server, config), close };
}

/** @throws Error with one line */
async function openJournal(config: KeeperConfig): Promise<Journal | undefined> {
  if (config.journalFile === undefined) return undefined;
  try {
    return await Journal.open(config.journalFile, config);
  } catch (cause) {
    throw new Error(`journalFile: ${cause instanceof Error ? cause.message : 'can’t be used'}`, { cause });
  }
}

/** @throws Error with one line if the code is not the one that the operator pinned */
async function requireCode(chain: Chain, { deployment, codeHash }: KeeperConfig): Promise<void> {
  if (codeHash === undefined || (await codeHashOf(chain, deployment)) === codeHash) return;
  throw new Error('codeHash: the contracts on this chain have other code than the one that was pinned');
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
