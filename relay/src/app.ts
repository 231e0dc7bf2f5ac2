import { MAX_REQUESTS_PER_POST, RELAY_PROBLEMS, requestStatusSchema, submissionSchema } from '@chartkey/sdk';
import { createService, type Log, parseBody } from '@chartkey/service';
import type { Hono } from 'hono';
import type { Address, Hex } from 'viem';
import { admit, type Door } from './admission.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { ProblemError } from './problems.ts';
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
  const { door, relay, metrics, log, trouble, isStopping } = options;
  const requireReady = async () => {
    if (isStopping()) throw new ProblemError('BUSY', 'This relay is about to stop.');
    const why = trouble();
    if (why) throw why;
    await door.chain.now();
  };
  const { origins, maxBodyBytes } = door.config;
  return createService(
    {
      version: VERSION,
      problems: RELAY_PROBLEMS,
      metrics,
      log,
      origins,
      maxBodyBytes,
      openApi,
      requireReady,
    },
    (app) => {
      serveRequests(app, options);
      app.get('/v1/info', (c) => c.json(infoOf(door, relay)));
    },
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
