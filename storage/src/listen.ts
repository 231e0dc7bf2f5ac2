import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { codeOf } from './errors.ts';

type FetchCallback = Parameters<typeof createAdaptorServer>[0]['fetch'];

export type ListenOptions = {
  readonly host: string;
  readonly port: number;
  readonly maxConnections: number;
  readonly requestTimeoutMs: number;
};

/** @throws Error with one plain line when the port can't be had */
export async function listen(app: { readonly fetch: FetchCallback }, config: ListenOptions): Promise<Server> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.requestTimeout = config.requestTimeoutMs;
  server.maxConnections = config.maxConnections;
  server.listen(config.port, config.host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Error(whyNotListening(cause, config), { cause });
  }
  return server;
}

function whyNotListening(cause: unknown, { host, port }: ListenOptions): string {
  if (codeOf(cause) === 'EADDRINUSE') return `port ${port} on ${host} is already in use`;
  if (codeOf(cause) === 'EACCES') return `port ${port} on ${host} is not allowed for this user`;
  return `cannot listen on port ${port} of ${host} (${codeOf(cause)})`;
}

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
