import {
  attestRequestSchema,
  type KeeperInfo,
  type SharesRequest,
  sharesRequestSchema,
  toBase64Url,
} from '@chartkey/sdk';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { routePath } from 'hono/route';
import type { z } from 'zod';
import { attest } from './attest.ts';
import type { KeeperConfig } from './config.ts';
import type { Keeping } from './keeping.ts';
import { addressOf, Gate, rateLimit } from './limits.ts';
import { type Log, tally } from './log.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { ProblemError, problemResponse } from './problems.ts';
import { pseudonyms } from './pseudonym.ts';
import { type Refused, type Released, releaseShares } from './release.ts';
import { VERSION } from './version.ts';

export type AppOptions = {
  readonly keeping: Keeping;
  readonly config: KeeperConfig;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Whether the process is about to end. */
  readonly isStopping: () => boolean;
};

/** The keeper's face: two questions, who it is, and whether it is well. */
export function createApp(options: AppOptions): Hono {
  const app = new Hono();
  guard(app, options);
  serveQuestions(app, options);
  serveState(app, options);

  onlyMethod(app, ['/v1/shares', '/v1/attest'], 'POST');
  onlyMethod(app, GETS, 'GET, HEAD');
  app.notFound(() => {
    throw new ProblemError('NOT_FOUND', 'There is nothing at this path.');
  });
  app.onError((error) => {
    const problem = error instanceof ProblemError ? error : unexpected(error);
    options.metrics.problem(problem.code);
    const name = problem.code === 'INTERNAL' ? { name: error.name } : {};
    options.log('problem', { code: problem.code, ...name });
    return problemResponse(problem);
  });
  return app;
}

const GETS = ['/v1/info', '/v1/journal', '/healthz', '/readyz', '/metrics', '/openapi.json'];
/** Asked by machines of the operator's own, often. */
const UNLIMITED: readonly string[] = ['/healthz', '/readyz', '/metrics'];

function guard(app: Hono, { config, metrics }: AppOptions): void {
  const { maxBodyBytes, origins, ratePerAddress, trustedProxies } = config;
  const limitAddress = rateLimit(ratePerAddress);
  app.use(cors({ origin: [...origins], allowMethods: ['GET', 'POST'], maxAge: 600 }));
  app.use(async (c, next) => {
    const started = performance.now();
    await next();
    c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
    metrics.answered(routeOf(c), c.res.status, (performance.now() - started) / 1000);
  });
  app.use(async (c, next) => {
    if (!UNLIMITED.includes(c.req.path)) await limitAddress(addressOf(c, trustedProxies));
    await next();
  });
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new ProblemError('INPUT_TOO_LARGE', `A request is at most ${maxBodyBytes} bytes.`);
      },
    }),
  );
}

function serveQuestions(app: Hono, { keeping, config, log, metrics }: AppOptions): void {
  const gate = new Gate(config.maxConcurrent);
  const nameOf = pseudonyms();
  // A body that comes slowly must not hold a place: it is read before there is one.
  app.post('/v1/shares', async (c) => {
    const started = performance.now();
    const request: SharesRequest = await parseBody(c, sharesRequestSchema);
    const results = await gate.run(() => releaseShares(keeping, request));
    const { released, refused } = summaryOf(results);
    metrics.released(released);
    for (const [reason, count] of Object.entries(refused)) metrics.refused(reason, count);
    log('shares', { ms: since(started), accessor: nameOf(request.opening.accessor), released, refused });
    return c.json({ keeper: keeping.operator, results: results.map(toWire) });
  });
  app.post('/v1/attest', async (c) => {
    const started = performance.now();
    const { envelope } = await parseBody(c, attestRequestSchema);
    const attested = await gate.run(() => attest(keeping, envelope));
    log('attest', { ms: since(started) });
    return c.json({ keeper: keeping.operator, ...attested });
  });
}

function serveState(app: Hono, { keeping, metrics, isStopping }: AppOptions): void {
  const health = { status: 'ok', version: VERSION };
  app.get('/v1/info', (c) => c.json(infoOf(keeping)));
  app.get('/v1/journal', (c) => {
    if (!keeping.journal) throw new ProblemError('NOT_FOUND', 'This keeper writes no journal.');
    return c.json({ keeper: keeping.operator, ...keeping.journal.head });
  });
  app.get('/healthz', (c) => c.json(health));
  app.get('/readyz', async (c) => {
    if (isStopping()) throw new ProblemError('BUSY', 'This keeper is about to stop.');
    await keeping.chain.anchor();
    return c.json(health);
  });
  app.get('/metrics', async (c) =>
    c.text(await metrics.text(), 200, { 'Content-Type': metrics.contentType }),
  );
  app.get('/openapi.json', (c) => c.json(openApi()));
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
  const text = await c.req.text().catch((cause: unknown) => {
    // Over the limit, or the line was cut: then nobody hears the answer.
    if (cause instanceof ProblemError) throw cause;
    throw new ProblemError('INPUT_INVALID', 'body: did not arrive whole', { cause });
  });
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body.
    throw new ProblemError('INPUT_INVALID', 'body: is not JSON');
  }
}

/** As `sharesResponseSchema` of the sdk reads it. */
function toWire(result: Released | Refused) {
  return result.status === 'released' ? { ...result, sealed: toBase64Url(result.sealed) } : result;
}

/** As `infoResponseSchema` of the sdk reads it. */
function infoOf({ operator, keyPairs, deployment, confirmations, releaseWindow }: Keeping) {
  return {
    keeper: operator,
    publicKey: toBase64Url(keyPairs[0].publicKey),
    chainId: deployment.chainId,
    recordIndex: deployment.records,
    confirmations,
    releaseWindow,
    version: VERSION,
  } satisfies Record<keyof KeeperInfo, unknown>;
}

function summaryOf(results: readonly (Released | Refused)[]) {
  const refused = results.flatMap((result) => (result.status === 'refused' ? [result.reason] : []));
  return { released: results.length - refused.length, refused: tally(refused) };
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

function since(started: number): number {
  return Math.round(performance.now() - started);
}
