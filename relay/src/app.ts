import { MAX_REQUESTS_PER_POST, requestStatusSchema, submissionSchema } from '@chartkey/sdk';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { routePath } from 'hono/route';
import type { Address, Hex } from 'viem';
import type { z } from 'zod';
import { admit, type Door } from './admission.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { ProblemError, problemResponse } from './problems.ts';
import { requestIdOf } from './queue.ts';
import { VERSION } from './version.ts';

export type AppOptions = {
  readonly door: Door;
  readonly relay: Address;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Something was accepted. */
  readonly onAccepted: () => void;
  /** Why nothing is sent now. */
  readonly trouble: () => ProblemError | undefined;
  /** Whether the process is about to end. */
  readonly isStopping: () => boolean;
};

/** The relay's face. */
export function createApp(options: AppOptions): Hono {
  const app = new Hono();
  guard(app, options);
  serveRequests(app, options);
  serveState(app, options);
  onlyMethod(app, ['/v1/requests'], 'POST');
  onlyMethod(app, GETS, 'GET, HEAD');
  app.notFound(() => {
    throw new ProblemError('NOT_FOUND', 'There is nothing at this path.');
  });
  app.onError((error) => {
    const problem = error instanceof ProblemError ? error : unexpected(error);
    options.metrics.problem(problem.code);
    options.log('problem', {
      code: problem.code,
      ...(problem.code === 'INTERNAL' ? { name: error.name } : {}),
    });
    return problemResponse(problem);
  });
  return app;
}

const GETS = ['/v1/requests/:id', '/v1/info', '/healthz', '/readyz', '/metrics', '/openapi.json'];

function guard(app: Hono, { door, metrics }: AppOptions): void {
  const { maxBodyBytes, origins } = door.config;
  app.use(cors({ origin: [...origins], allowMethods: ['GET', 'POST'], maxAge: 600 }));
  app.use(async (c, next) => {
    const started = performance.now();
    await next();
    c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
    metrics.answered(routeOf(c), c.res.status, (performance.now() - started) / 1000);
  });
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new ProblemError('INPUT_TOO_LARGE', `A post is at most ${maxBodyBytes} bytes.`);
      },
    }),
  );
}

function serveRequests(app: Hono, { door, metrics, onAccepted }: AppOptions): void {
  app.post('/v1/requests', async (c) => {
    const { requests } = await parseBody(c, submissionSchema);
    const admitted = await admit(door, requests);
    metrics.accepted(admitted.length);
    if (admitted.length > 0) onAccepted();
    return c.json({ requests: requests.map((request) => statusOf(door, requestIdOf(request))) });
  });
  app.get('/v1/requests/:id', (c) => {
    const id = requestStatusSchema.shape.id.safeParse(c.req.param('id'));
    if (!id.success) throw new ProblemError('NOT_FOUND', 'There is no request of this id.');
    return c.json(statusOf(door, id.data));
  });
}

function serveState(app: Hono, { door, relay, metrics, trouble, isStopping }: AppOptions): void {
  const health = { status: 'ok', version: VERSION };
  app.get('/v1/info', (c) => c.json(infoOf(door, relay)));
  app.get('/healthz', (c) => c.json(health));
  app.get('/readyz', async (c) => {
    if (isStopping()) throw new ProblemError('BUSY', 'This relay is about to stop.');
    const why = trouble();
    if (why) throw why;
    await door.chain.time();
    return c.json(health);
  });
  app.get('/metrics', async (c) =>
    c.text(await metrics.text(), 200, { 'Content-Type': metrics.contentType }),
  );
  app.get('/openapi.json', (c) => c.json(openApi()));
}

function infoOf({ config }: Door, relay: Address) {
  const { deployment, feeCap, waitingPerPerson, ratePerPerson, maxRequestGas } = config;
  return {
    relay,
    chainId: deployment.chainId,
    forwarder: deployment.forwarder,
    feeCap: String(feeCap),
    limits: {
      requestsPerPost: MAX_REQUESTS_PER_POST,
      waitingPerPerson,
      ratePerPerson,
      gas: String(maxRequestGas),
    },
    version: VERSION,
  };
}

function statusOf({ queue }: Door, id: Hex) {
  const status = queue.statusOf(id);
  if (status) return status;
  throw new ProblemError('NOT_FOUND', 'There is no request of this id.');
}

/** A label of ours: what was asked for may be anything. */
function routeOf(c: Context): string {
  const path = routePath(c, -1);
  return path.includes('*') ? 'other' : path;
}

/** @throws ProblemError that names the field */
async function parseBody<schema extends z.ZodType>(c: Context, schema: schema): Promise<z.output<schema>> {
  // A form of any web page could post text; only JSON makes a browser ask first (CORS).
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('Content-Type') ?? '')) {
    throw new ProblemError('MEDIA_TYPE_UNKNOWN', 'Content-Type: must be application/json');
  }
  const result = schema.safeParse(await readJson(c));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') || 'body';
  // Never zod's own words: they can repeat what was sent.
  const message =
    issue?.code === 'custom' || issue?.code === 'invalid_format' ? issue.message : 'is not valid';
  const why = issue?.code === 'unrecognized_keys' ? 'has a field that is not known here' : message;
  throw new ProblemError('INPUT_INVALID', `${field}: ${why}`);
}

async function readJson(c: Context): Promise<unknown> {
  const text = await c.req.text();
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body.
    throw new ProblemError('INPUT_INVALID', 'body: is not JSON');
  }
}

function onlyMethod(app: Hono, paths: readonly string[], allowed: string): void {
  for (const path of paths) {
    app.all(path, () => {
      throw new ProblemError('METHOD_NOT_ALLOWED', `Only ${allowed} is served here.`, { allowed });
    });
  }
}

function unexpected(cause: unknown): ProblemError {
  return new ProblemError('INTERNAL', 'Something failed that should not.', { cause });
}
