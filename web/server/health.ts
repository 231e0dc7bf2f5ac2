import { z } from 'zod';
import { gatewayUrl, indexUrl, relayUrl, storageUrl } from './config.ts';

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
  writable: z.boolean().optional(),
  block: z.number().int().nonnegative().optional(),
});
const problemSchema = z.object({ title: z.string().max(200) });
const kuboSchema = z.object({ Version: z.string().max(64) });

/** Asks a service how it is. Never throws, and never says where the service is. */
export async function healthOf(service: WatchedService): Promise<ServiceHealth> {
  if (service === 'storage') return storageHealth();
  const url = service === 'relay' ? relayUrl() : indexUrl();
  if (url === undefined) return { state: 'absent' };
  return readiness(url.replace(/\/+$/, ''));
}

/** An embedded node answers `healthz`; Kubo has no such door and says its version on its RPC. */
async function storageHealth(): Promise<ServiceHealth> {
  const own = await ask(healthSchema, `${gatewayUrl().replace(/\/+$/, '')}/healthz`);
  if (own) {
    const { version, writable } = own;
    return writable === false
      ? { state: 'unready', version, why: 'It has no room, and takes no new records.' }
      : { state: 'up', version };
  }
  const kubo = await ask(kuboSchema, `${storageUrl().replace(/\/+$/, '')}/api/v0/version`, 'POST');
  return kubo ? { state: 'up', version: `Kubo ${kubo.Version}` } : DOWN;
}

async function readiness(url: string): Promise<ServiceHealth> {
  const alive = await ask(healthSchema, `${url}/healthz`);
  if (!alive) return DOWN;
  const { version, block } = alive;
  const answer = await fetched(`${url}/readyz`);
  if (!answer) return DOWN;
  if (answer.ok) return { state: 'up', version, block };
  const problem = problemSchema.safeParse(await jsonOf(answer));
  return { state: 'unready', version, block, why: problem.data?.title };
}

async function ask<T>(schema: z.ZodType<T>, url: string, method = 'GET'): Promise<T | undefined> {
  const answer = await fetched(url, method);
  if (!answer?.ok) return undefined;
  return schema.safeParse(await jsonOf(answer)).data;
}

async function fetched(url: string, method = 'GET'): Promise<Response | undefined> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    return await fetch(url, { method, signal, redirect: 'error', cache: 'no-store' });
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
