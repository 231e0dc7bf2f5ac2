import { hash } from 'node:crypto';
import { listen, shutDown, urlOf } from '@chartkey/service';
import type { HttpBindings } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { problem } from '../answers.ts';
import { NodeError } from '../errors.ts';
import { gatewayRoutes } from '../gateway.ts';

import { VERSION } from '../version.ts';
import { type GateOptions, gateConfigFrom } from './config.ts';
import { eraseRoutes } from './erase.ts';
import { type Gate, openGate } from './gate.ts';
import { keyRoutes } from './keys.ts';
import { participantOf, signInRoutes } from './sign-in.ts';
import { uploadRoutes } from './uploads.ts';

export type GateServer = { readonly url: string; close(): Promise<void> };

const SWEEP_EVERY_MS = 60_000;
const CONNECTIONS = { maxConnections: 512, requestTimeoutMs: 600_000 };

/**
 * Starts a gate: what stands between people and storage. It lets participants write, and serves
 * blocks; of Kubo's RPC nothing can be reached through it.
 *
 * @throws Error with one plain line
 */
export async function startGate(options: GateOptions): Promise<GateServer> {
  const config = gateConfigFrom(options);
  const gate = await openGate(config);
  try {
    const server = await listen(application(gate), { ...config, ...CONNECTIONS });
    const timer = setInterval(() => void gate.sweep().catch(() => undefined), SWEEP_EVERY_MS);
    timer.unref();
    const close = async () => {
      clearInterval(timer);
      await shutDown(server, config.graceMs);
      await gate.close();
    };
    return { url: urlOf(server, config.host), close };
  } catch (error) {
    await gate.close();
    throw error;
  }
}

type Env = { Bindings: HttpBindings };

function application(gate: Gate): Hono<Env> {
  const { config, nodes } = gate;
  const app = new Hono<Env>();
  app.get('/healthz', async (c) => {
    return c.json({ status: 'ok', version: VERSION, nodes: await nodes.describe() });
  });
  app.use(cors({ origin: [config.origin], maxAge: 600 }));
  app.use('/auth/*', limitStrangers(gate));
  app.use('/keys/*', limitStrangers(gate));
  app.use('/uploads/*', limitParticipants(gate));
  app.use('/records/*', limitParticipants(gate));
  app.use('/ipfs/*', async (c, next) => {
    if (config.reads === 'restricted') await participantOf(gate, c.req.header('Authorization'));
    return next();
  });
  app.route('/auth', signInRoutes(gate));
  app.route('/keys', keyRoutes(gate));
  app.route('/uploads', uploadRoutes(gate));
  app.route('/records', eraseRoutes(gate));
  app.route('/ipfs', gatewayRoutes(readerOf(gate)));
  app.notFound(() => problem(new NodeError('not-found', 'nothing is served here')));
  app.onError((error) => problem(error));
  return app;
}

/** Those who have not signed in, by where they come from. */
function limitStrangers({ ledger, config }: Gate): MiddlewareHandler<Env> {
  return async (c, next) => {
    // Hashed: the ledger holds no address of a machine.
    const peer = hash('sha256', c.env.incoming.socket.remoteAddress ?? '', 'base64url');
    limit(await ledger.countRequest(peer, Date.now()), config.signInsPerMinute);
    return next();
  };
}

function limitParticipants(gate: Gate): MiddlewareHandler<Env> {
  return async (c, next) => {
    const participant = await participantOf(gate, c.req.header('Authorization'));
    limit(await gate.ledger.countRequest(participant, Date.now()), gate.config.requestsPerMinute);
    return next();
  };
}

function limit(requests: number, most: number): void {
  if (requests > most)
    throw new NodeError('too-many', 'too many requests this minute: wait for the next one');
}

function readerOf({ nodes }: Gate) {
  return {
    get: nodes.read,
    sizeOf: async (cid: Parameters<typeof nodes.read>[0]) => (await nodes.read(cid)).length,
  };
}
