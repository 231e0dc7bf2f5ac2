import type { CID } from 'multiformats/cid';
import { NodeError } from './errors.ts';

/* What is used of IPFS Cluster's REST API. Source: https://ipfscluster.io/documentation/reference/api/ */

/**
 * Has a cluster pin a root on as many daemons as its configuration says. It answers once the pin is
 * in its shared state; the daemons follow.
 *
 * Warning: "pinned" in a cluster is no byte check; an audit reads bytes.
 *
 * @throws NodeError `unavailable`
 */
export async function pinInCluster(url: string, root: CID, signal: AbortSignal): Promise<void> {
  const status = await ask(url, root, 'POST', signal);
  if (status !== 200 && status !== 202) throw unavailable();
}

/** Has a cluster let go of a root. One that it does not know is none to let go of. @throws NodeError `unavailable` */
export async function unpinInCluster(url: string, root: CID, signal: AbortSignal): Promise<void> {
  const status = await ask(url, root, 'DELETE', signal);
  if (status !== 200 && status !== 202 && status !== 404) throw unavailable();
}

async function ask(url: string, root: CID, method: 'POST' | 'DELETE', signal: AbortSignal): Promise<number> {
  try {
    const path = `${url.replace(/\/+$/, '')}/pins/${root.toString()}`;
    const response = await fetch(path, { method, signal, redirect: 'error' });
    await response.body?.cancel();
    return response.status;
  } catch (cause) {
    throw unavailable(cause);
  }
}

function unavailable(cause?: unknown): NodeError {
  return new NodeError('unavailable', 'the cluster did not answer as it should', { cause });
}
