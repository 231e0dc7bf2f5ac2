import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { problem, rpcError } from './answers.ts';
import { configFrom, type StorageConfig, type StorageOptions } from './config.ts';
import { codeOf, NodeError } from './errors.ts';
import { gatewayRoutes } from './gateway.ts';
import { type BlockNode, openNode } from './node.ts';
import { rpcRoutes } from './rpc.ts';
import { VERSION } from './version.ts';

export type StorageServer = {
  /** Base of both faces: `<url>/api/v0/…` and `<url>/ipfs/…`. */
  readonly url: string;
  /** Lets requests under way end (up to `graceMs`), then frees port and folder. */
  close(): Promise<void>;
};

/**
 * Starts the embedded node.
 *
 * Warning: whoever reaches the port may write and unpin. Safety of the records does not rest
 * on it (ciphertext, verified by its reader), but their availability does: keep it on
 * 127.0.0.1 or behind the gate.
 *
 * @throws Error with one plain line: port taken, folder in use, an option out of range
 */
export async function startStorage(options: StorageOptions = {}): Promise<StorageServer> {
  const config = configFrom(options);
  const node = await openNode(config);
  try {
    const server = await listen(application(node, config), config);
    const stopSweeping = sweepRegularly(node, config.gcIntervalMs);
    const close = async () => {
      stopSweeping();
      await shutDown(server, node, config.graceMs);
    };
    return { url: urlOf(server, config), close };
  } catch (error) {
    node.close();
    throw error;
  }
}

/** What interrupted uploads left behind goes once its lease has ended. */
function sweepRegularly(node: BlockNode, everyMs: number): () => void {
  if (everyMs === 0) return () => undefined;
  let stopped = false;
  const sweep = async () => {
    let swept = 0;
    for await (const _cid of node.collect()) {
      if (stopped) return;
      swept += 1;
    }
    if (swept > 0) console.log(`storage: swept ${swept} blocks`);
  };
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => console.error('storage: sweep', String(error)));
  }, everyMs);
  timer.unref();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}

function application(node: BlockNode, config: StorageConfig): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(cors({ origin: config.origins, exposeHeaders: EXPOSED, maxAge: 600 }));
  app.use('/api/*', async (c, next) => {
    // A form in any web page can post to 127.0.0.1; its browser says where it came from.
    const origin = c.req.header('Origin');
    if (origin !== undefined && !config.origins.includes(origin)) {
      return rpcError(new NodeError('forbidden', 'this origin is not on the list of the node'));
    }
    return next();
  });
  app.get('/healthz', async (c) =>
    c.json({ status: 'ok', version: VERSION, writable: await node.writable() }),
  );
  app.route('/api/v0', rpcRoutes(node, config));
  app.route('/ipfs', gatewayRoutes(node));
  app.notFound(() => problem(new NodeError('not-found', 'nothing is served here')));
  app.onError((error) => problem(error));
  return app;
}

const EXPOSED = ['Content-Length', 'ETag', 'X-Content-Length', 'X-Ipfs-Path', 'X-Ipfs-Roots'];

async function listen(app: Hono<{ Bindings: HttpBindings }>, config: StorageConfig): Promise<Server> {
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

function whyNotListening(cause: unknown, { host, port }: StorageConfig): string {
  if (codeOf(cause) === 'EADDRINUSE') return `port ${port} on ${host} is already in use`;
  if (codeOf(cause) === 'EACCES') return `port ${port} on ${host} is not allowed for this user`;
  return `cannot listen on port ${port} of ${host} (${codeOf(cause)})`;
}

function urlOf(server: Server, { host }: StorageConfig): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function shutDown(server: Server, node: BlockNode, graceMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(late);
  node.close();
}
