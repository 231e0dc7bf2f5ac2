import type { CID } from 'multiformats/cid';
import type { BlockReader } from './blocks.ts';
import { type Block, linksOf, RAW } from './cid.ts';

/** All blocks of a tree, parents first; each as often as it is linked, or once. */
export async function* tree(
  blocks: BlockReader,
  root: CID,
  { once = false }: { readonly once?: boolean } = {},
): AsyncGenerator<Block> {
  for await (const cid of cids(blocks, root, once ? new Set() : undefined)) {
    yield { cid, bytes: await blocks.get(cid) };
  }
}

/**
 * Depth first. The stack holds the siblings still to come, so it is small for a file. With
 * `seen`, each block comes once: a small hostile tree can link itself into billions of paths.
 */
export async function* cids(blocks: BlockReader, root: CID, seen?: Set<string>): AsyncGenerator<CID> {
  const stack = [root];
  for (let cid = stack.pop(); cid !== undefined; cid = stack.pop()) {
    if (seen?.has(cid.toString())) continue;
    seen?.add(cid.toString());
    yield cid;
    if (cid.code !== RAW) stack.push(...linksOf({ cid, bytes: await blocks.get(cid) }).reverse());
  }
}
