import { INDEX_LISTS, type IndexList, MAX_PAGE } from '@chartkey/sdk';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { routePath } from 'hono/route';
import type { z } from 'zod';
import type { IndexerConfig } from './config.ts';
import type { RateLimit } from './limits.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { ProblemError, problemResponse } from './problems.ts';
import { newestCheckpoint } from './store/blocks.ts';
import { listPage } from './store/lists.ts';
import type { Database } from './store/open.ts';
import { isIndexed } from './store/schema.ts';
import { VERSION } from './version.ts';

export type AppOptions = {
  readonly database: Database;
  readonly config: IndexerConfig;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly limitAddress: RateLimit;
  /** Why nothing is read from the chain now. */
  readonly trouble: () => ProblemError | undefined;
  readonly chainBlock: () => number | undefined;
  /** Whether the process is about to end. */
  readonly isStopping: () => boolean;
};

const NAMES = Object.keys(INDEX_LISTS) as IndexList[];
const GETS = ['/v1/info', '/healthz', '/readyz', '/metrics', '/openapi.json'];

/** The index's face. */
export function createApp(options: AppOptions): Hono {
  const app = new Hono();
  guard(app, options);
  serveLists(app, options);
  serveState(app, options);
  onlyMethod(
    app,
    NAMES.map((name) => `/v1/${name}`),
    'POST',
  );
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

function guard(app: Hono, { config, metrics }: AppOptions): void {
  app.use(cors({ origin: [...config.origins], allowMethods: ['GET', 'POST'], maxAge: 600 }));
  app.use(async (c, next) => {
    const started = performance.now();
    await next();
    c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
    metrics.answered(routeOf(c), c.res.status, (performance.now() - started) / 1000);
  });
  app.use(
    bodyLimit({
      maxSize: config.maxBodyBytes,
      onError: () => {
        throw new ProblemError('INPUT_TOO_LARGE', `A question is at most ${config.maxBodyBytes} bytes.`);
      },
    }),
  );
}

function serveLists(app: Hono, { database, limitAddress }: AppOptions): void {
  let indexed = false;
  for (const name of NAMES) {
    app.post(`/v1/${name}`, async (c) => {
      await limitAddress(callerOf(c));
      const query = await parseBody(c, INDEX_LISTS[name].query);
      // Without its indexes each question would look at every row.
      indexed ||= await isIndexed(database.reader);
      if (!indexed) throw new ProblemError('BEHIND', 'The first reading of the chain is still under way.');
      return c.json(await listPage(database.reader, name, query));
    });
  }
}

function serveState(app: Hono, options: AppOptions): void {
  const { metrics, trouble, isStopping, database } = options;
  const health = { status: 'ok', version: VERSION };
  app.get('/v1/info', async (c) => c.json(await infoOf(options)));
  app.get('/healthz', (c) => c.json(health));
  app.get('/readyz', async (c) => {
    if (isStopping()) throw new ProblemError('BUSY', 'This index is about to stop.');
    const why = trouble();
    if (why) throw why;
    if (!(await isIndexed(database.reader))) {
      throw new ProblemError('BEHIND', 'The first reading of the chain is still under way.');
    }
    return c.json(health);
  });
  app.get('/metrics', async (c) =>
    c.text(await metrics.text(), 200, { 'Content-Type': metrics.contentType }),
  );
  app.get('/openapi.json', (c) => c.json(openApi()));
}

async function infoOf({ database, config, trouble, chainBlock }: AppOptions) {
  const newest = await newestCheckpoint(database.reader);
  const indexed = await isIndexed(database.reader);
  const isHalted = trouble()?.code === 'LOG_BROKEN';
  const state = isHalted ? 'halted' : indexed ? 'following' : 'behind';
  return {
    chainId: config.deployment.chainId,
    log: config.deployment.log,
    state: config.role === 'reader' ? 'reader' : state,
    upTo: { blockNumber: Math.max(newest?.number ?? 0, 0), blockHash: newest?.hash || null },
    chainBlock: chainBlock() ?? null,
    maxPage: MAX_PAGE,
    version: VERSION,
  };
}

/** A label of ours: what was asked for may be anything. */
function routeOf(c: Context): string {
  const path = routePath(c, -1);
  return path.includes('*') ? 'other' : path;
}

function callerOf(c: Context): string {
  const env = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined;
  return env?.incoming?.socket?.remoteAddress ?? 'unknown';
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
