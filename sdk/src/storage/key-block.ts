import type { NodeHandle, NodeReport, StorageClient } from './client.ts';
import { owned } from './dag.ts';
import { askGate } from './gate.ts';
import { RequestFailure, storageError } from './http.ts';

/**
 * Hands a patient's key block to every gate of the client, which needs no sign-in: a gate keeps it
 * waiting until the chain names it as this patient's, and then stores it. So it is handed in before
 * the patient registers it, and once more afterwards, to know that it is stored.
 *
 * @returns whether enough gates have stored it; false while the chain does not name it
 * @throws StorageError when fewer than `minReplicas` took it
 */
export async function offerKeyBlock(
  client: StorageClient,
  { patient, keyBlock }: { readonly patient: `0x${string}`; readonly keyBlock: Uint8Array },
): Promise<boolean> {
  const gates = client.nodes.filter(({ gate }) => gate !== undefined);
  const failed: NodeReport[] = [];
  let taken = 0;
  let stored = 0;
  for (const node of gates) {
    const state = await offerTo(client, node, patient, keyBlock);
    if (typeof state === 'object') failed.push(state);
    else taken += 1;
    if (state === 'stored') stored += 1;
  }
  const needed = Math.min(client.minReplicas, gates.length);
  if (taken < needed) throw storageError(failed, 'The key could not be stored');
  return stored >= needed;
}

async function offerTo(
  client: StorageClient,
  node: NodeHandle,
  patient: string,
  keyBlock: Uint8Array,
): Promise<'stored' | 'waiting' | NodeReport> {
  const body = { bytes: owned(keyBlock), type: 'application/octet-stream' };
  try {
    const request = { method: 'PUT', path: `/keys/${patient}`, body, signal: undefined } as const;
    const { state } = await askGate(client, node, request);
    return state === 'stored' ? 'stored' : 'waiting';
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    return { node: node.label, fault: error.fault };
  }
}
