import type { CID } from 'multiformats/cid';
import type { StorageClient } from './client.ts';
import { digestOf } from './dag.ts';
import { RequestFailure } from './http.ts';
import { type ReadOptions, readBlockFrom } from './read.ts';

/**
 * The nodes that do not say "missing": those that give the block, give other bytes for it, or can't
 * be asked. Only who says that it has nothing counts as having nothing.
 *
 * @returns labels of nodes
 */
export async function holdersOf(
  client: StorageClient,
  cid: CID,
  { signal }: ReadOptions = {},
): Promise<string[]> {
  const answers = await Promise.all(
    client.nodes.map(async (node) => {
      try {
        await readBlockFrom(client, node, cid, digestOf(cid), signal);
        return node.label;
      } catch (error) {
        if (!(error instanceof RequestFailure)) throw error;
        return error.fault === 'not-found' ? undefined : node.label;
      }
    }),
  );
  return answers.filter((label) => label !== undefined);
}
