import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';

type FetchCallback = Parameters<typeof createAdaptorServer>[0]['fetch'];

/** Headers have so long to arrive, in milliseconds: slow ones can't hold a place. */
const HEADERS_TIMEOUT_MS = 10_000;
const CHECK_EVERY_MS = 1_000;
const MAX_HEADER_BYTES = 16_384;
const MAX_CONNECTIONS = 512;

export type ListenOptions = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The whole of a request has so long to arrive, in milliseconds. Default 30,000. */
  readonly requestTimeoutMs?: number;
  /** Default 512. */
  readonly maxConnections?: number;
};

/** @throws Error with one plain line when the port can't be had */
export async function listen(
  app: { readonly fetch: FetchCallback },
  options: ListenOptions,
): Promise<Server> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: options.requestTimeoutMs ?? 30_000,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
  }) as Server;
  server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  server.listen(options.port, options.host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Error(whyNotListening(cause, options), { cause });
  }
  return server;
}

function whyNotListening(cause: unknown, { host, port }: ListenOptions): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'EADDRINUSE') return `port ${port} on ${host} is already in use`;
  if (code === 'EACCES') return `port ${port} on ${host} is not allowed for this user`;
  return `cannot listen on port ${port} of ${host} (${code})`;
}

/** Where it listens, also when the port was 0. */
export function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Lets requests under way end, but not longer than that. */
export async function shutDown(server: Server, graceMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(late);
}
