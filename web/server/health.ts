import { indexInfoSchema } from '@chartkey/sdk';
import { z } from 'zod';
import { gateUrl, indexUrl, relayUrl } from './config.ts';

/**
 * How a service of ours is. `unready`: the process is up and can't do its work now; `why` says it
 * in the service's own words. `absent`: this dApp was started without it.
 */
export type ServiceHealth = {
  readonly state: 'up' | 'unready' | 'down' | 'absent';
  readonly version?: string | undefined;
  readonly why?: string | undefined;
  /** The newest block that it has read, where it reads the chain. */
  readonly block?: number | undefined;
};

export const WATCHED_SERVICES = ['storage', 'relay', 'index'] as const;
export type WatchedService = (typeof WATCHED_SERVICES)[number];

const ANSWER_MS = 5_000;
const DOWN: ServiceHealth = { state: 'down' };

const healthSchema = z.object({
  version: z.string().max(64).optional(),
  nodes: z.array(z.string().max(200)).max(32).optional(),
});
const problemSchema = z.object({ title: z.string().max(200) });

/** Asks a service how it is. Never throws, and never says where the service is. */
export async function healthOf(service: WatchedService): Promise<ServiceHealth> {
  if (service === 'storage') return storageHealth();
  const url = (service === 'relay' ? relayUrl() : indexUrl())?.replace(/\/+$/, '');
  if (url === undefined) return { state: 'absent' };
  return service === 'relay' ? readiness(url) : indexHealth(url);
}

/** How far it has read stands in its own information. */
async function indexHealth(url: string): Promise<ServiceHealth> {
  const [health, info] = await Promise.all([readiness(url), ask(indexInfoSchema, `${url}/v1/info`)]);
  return { ...health, block: info?.upTo.blockNumber };
}

/** The gate says of each node behind it what runs there, or that it does not answer. */
async function storageHealth(): Promise<ServiceHealth> {
  const gate = await ask(healthSchema, `${gateUrl().replace(/\/+$/, '')}/healthz`);
  if (!gate) return DOWN;
  const { version, nodes = [] } = gate;
  const silent = nodes.filter((node) => node.endsWith(': no answer')).length;
  if (silent === 0) return { state: 'up', version };
  // A gate without any node keeps and gives nothing.
  const state = silent === nodes.length ? 'down' : 'unready';
  return { state, version, why: `${silent} of its ${nodes.length} nodes don’t answer.` };
}

async function readiness(url: string): Promise<ServiceHealth> {
  const alive = await ask(healthSchema, `${url}/healthz`);
  if (!alive) return DOWN;
  const { version } = alive;
  const answer = await fetched(`${url}/readyz`);
  if (!answer) return DOWN;
  if (answer.ok) return { state: 'up', version };
  const problem = problemSchema.safeParse(await jsonOf(answer));
  return { state: 'unready', version, why: problem.data?.title };
}

async function ask<T>(schema: z.ZodType<T>, url: string): Promise<T | undefined> {
  const answer = await fetched(url);
  if (!answer?.ok) return undefined;
  return schema.safeParse(await jsonOf(answer)).data;
}

async function fetched(url: string): Promise<Response | undefined> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    return await fetch(url, { signal, redirect: 'error', cache: 'no-store' });
  } catch {
    return undefined;
  }
}

async function jsonOf(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return undefined;
  }
}
