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
import type { z } from 'zod';
import { attest } from './attest.ts';
import type { Keeping } from './keeping.ts';
import { type Log, tally } from './log.ts';
import { ProblemError, problemResponse } from './problems.ts';
import { type Refused, type Released, releaseShares } from './release.ts';
import { VERSION } from './version.ts';

export type AppOptions = {
  readonly keeping: Keeping;
  readonly maxBodyBytes: number;
  readonly origins: readonly string[];
  readonly log: Log;
};

/** The keeper's face: two questions, who it is, and whether it is well. */
export function createApp({ keeping, maxBodyBytes, origins, log }: AppOptions): Hono {
  const app = new Hono();
  app.use(cors({ origin: [...origins], allowMethods: ['GET', 'POST'], maxAge: 600 }));
  app.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
  });
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new ProblemError('INPUT_TOO_LARGE', `A request is at most ${maxBodyBytes} bytes.`);
      },
    }),
  );

  app.post('/v1/shares', async (c) => {
    const started = performance.now();
    const request: SharesRequest = await parseBody(c, sharesRequestSchema);
    const results = await releaseShares(keeping, request);
    log('shares', { ms: since(started), ...summaryOf(results) });
    return c.json({ keeper: keeping.operator, results: results.map(toWire) });
  });
  app.post('/v1/attest', async (c) => {
    const started = performance.now();
    const { envelope } = await parseBody(c, attestRequestSchema);
    const attested = await attest(keeping, envelope);
    log('attest', { ms: since(started) });
    return c.json({ keeper: keeping.operator, ...attested });
  });
  app.get('/v1/info', (c) => c.json(infoOf(keeping)));
  app.get('/healthz', async (c) => {
    await keeping.chain.anchor();
    return c.json({ status: 'ok', version: VERSION });
  });

  onlyMethod(app, ['/v1/shares', '/v1/attest'], 'POST');
  onlyMethod(app, ['/v1/info', '/healthz'], 'GET, HEAD');
  app.notFound(() => problemResponse(new ProblemError('NOT_FOUND', 'There is nothing at this path.')));
  app.onError((error) => {
    const problem = error instanceof ProblemError ? error : unexpected(error);
    log('problem', { code: problem.code, ...(problem.code === 'INTERNAL' ? { name: error.name } : {}) });
    return problemResponse(problem);
  });
  return app;
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
      const problem = new ProblemError('METHOD_NOT_ALLOWED', `Only ${allowed} is served here.`);
      return problemResponse(problem, { Allow: allowed });
    });
  }
}

function unexpected(cause: unknown): ProblemError {
  return new ProblemError('INTERNAL', 'Something failed that should not.', { cause });
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}
