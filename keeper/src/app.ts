import {
  attestRequestSchema,
  KEEPER_PROBLEMS,
  type KeeperInfo,
  type SharesRequest,
  sharesRequestSchema,
  toBase64Url,
} from '@chartkey/sdk';
import { addressOf, createService, type Log, parseBody, rateLimit } from '@chartkey/service';
import type { Hono } from 'hono';
import { attest } from './attest.ts';
import type { KeeperConfig } from './config.ts';
import { Gate } from './gate.ts';
import type { Keeping } from './keeping.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { ProblemError } from './problems.ts';
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
  const { keeping, config, log, metrics, isStopping } = options;
  const { origins, maxBodyBytes, ratePerAddress, trustedProxies } = config;
  const limitAddress = rateLimit(ratePerAddress);
  const requireReady = async () => {
    if (isStopping()) throw new ProblemError('BUSY', 'This keeper is about to stop.');
    await keeping.chain.anchor();
  };
  return createService(
    {
      version: VERSION,
      problems: KEEPER_PROBLEMS,
      metrics,
      log,
      origins,
      maxBodyBytes,
      admit: (c) => limitAddress(addressOf(c, trustedProxies)),
      openApi,
      requireReady,
    },
    (app) => {
      serveQuestions(app, options);
      serveState(app, options);
    },
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

function serveState(app: Hono, { keeping }: AppOptions): void {
  app.get('/v1/info', (c) => c.json(infoOf(keeping)));
  app.get('/v1/journal', (c) => {
    if (!keeping.journal) throw new ProblemError('NOT_FOUND', 'This keeper writes no journal.');
    return c.json({ keeper: keeping.operator, ...keeping.journal.head });
  });
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

/** How often each reason stands in the list. */
function tally(reasons: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

function since(started: number): number {
  return Math.round(performance.now() - started);
}
