import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { routePath } from 'hono/route';
import type { z } from 'zod';
import type { Log } from './log.ts';
import type { ServiceMetrics } from './metrics.ts';
import { ProblemError, type ProblemTable, problemResponse } from './problems.ts';

export type ServiceOptions = {
  readonly version: string;
  readonly problems: ProblemTable;
  readonly metrics: ServiceMetrics;
  readonly log: Log;
  /** Web origins that may call from a browser. */
  readonly origins: readonly string[];
  readonly maxBodyBytes: number;
  /** Before a request is looked at: throws to refuse it. */
  readonly admit?: (c: Context) => Promise<void>;
  readonly openApi: () => object;
  /** Throws while there is no use in asking this instance. */
  readonly requireReady: () => Promise<void>;
};

/**
 * An app that counts, refuses what is too large, answers errors with problem documents, and says
 * how it is: `/healthz`, `/readyz`, `/metrics`, `/openapi.json`.
 *
 * @param serve adds the routes that the service is for
 */
export function createService(options: ServiceOptions, serve: (app: Hono) => void): Hono {
  const app = new Hono();
  guard(app, options);
  serve(app);
  serveState(app, options);
  onlyServedMethods(app);
  app.notFound(() => {
    throw new ProblemError('NOT_FOUND', 'There is nothing at this path.');
  });
  app.onError((error) => {
    const problem = error instanceof ProblemError ? error : unexpected(error);
    options.metrics.problem(problem.code);
    // Of an error that nobody expected, its kind: the message may carry anything.
    const name = problem.code === 'INTERNAL' ? { name: error.name } : {};
    options.log('problem', { code: problem.code, ...name });
    return problemResponse(options.problems, problem);
  });
  return app;
}

function guard(app: Hono, { origins, maxBodyBytes, metrics, admit }: ServiceOptions): void {
  app.use(cors({ origin: [...origins], allowMethods: ['GET', 'POST'], maxAge: 600 }));
  app.use(async (c, next) => {
    const started = performance.now();
    await next();
    c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
    metrics.answered(routeOf(c), c.res.status, (performance.now() - started) / 1000);
  });
  app.use(async (c, next) => {
    // Machines of the operator's own ask for these often.
    if (!['/healthz', '/readyz', '/metrics'].includes(c.req.path)) await admit?.(c);
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

function serveState(app: Hono, { version, metrics, openApi, requireReady }: ServiceOptions): void {
  const health = { status: 'ok', version };
  app.get('/healthz', (c) => c.json(health));
  app.get('/readyz', async (c) => {
    await requireReady();
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

/** Any other method at a path that is served is told which ones are. */
function onlyServedMethods(app: Hono): void {
  const served = app.routes.filter(({ method }) => method === 'GET' || method === 'POST');
  for (const [path, routes] of Map.groupBy(served, (route) => route.path)) {
    const methods = new Set(routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])));
    const allowed = [...methods].join(', ');
    app.all(path, () => {
      throw new ProblemError('METHOD_NOT_ALLOWED', `Only ${allowed} is served here.`, { allowed });
    });
  }
}

function unexpected(cause: unknown): ProblemError {
  return new ProblemError('INTERNAL', 'Something failed that should not.', { cause });
}

/** A JSON body of the right shape. @throws ProblemError `INPUT_INVALID` that names the field, `MEDIA_TYPE_UNKNOWN` */
export async function parseBody<schema extends z.ZodType>(
  c: Context,
  schema: schema,
): Promise<z.output<schema>> {
  // A form of any web page could post text; only JSON makes a browser ask first (CORS).
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('Content-Type') ?? '')) {
    throw new ProblemError('MEDIA_TYPE_UNKNOWN', 'Content-Type: must be application/json');
  }
  return parseInput('body', schema, await readJson(c));
}

/** @param what what to call the input as a whole. @throws ProblemError `INPUT_INVALID` that names the field */
export function parseInput<schema extends z.ZodType>(
  what: string,
  schema: schema,
  input: unknown,
): z.output<schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') || what;
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
