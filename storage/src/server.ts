import { listen, shutDown, urlOf } from '@chartkey/service';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { problem, rpcError } from './answers.ts';
import { configFrom, type StorageConfig, type StorageOptions } from './config.ts';
import { NodeError } from './errors.ts';
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
      await shutDown(server, config.graceMs);
      node.close();
    };
    return { url: urlOf(server, config.host), close };
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
  app.route('/ipfs', gatewayRoutes(node.blocks));
  app.notFound(() => problem(new NodeError('not-found', 'nothing is served here')));
  app.onError((error) => problem(error));
  return app;
}

const EXPOSED = ['Content-Length', 'ETag', 'X-Content-Length', 'X-Ipfs-Path', 'X-Ipfs-Roots'];
