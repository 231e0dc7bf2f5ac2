import type { CID } from 'multiformats/cid';
import type { BlockStore } from './blocks.ts';
import { cidOf, RAW } from './cid.ts';
import { type Fault, NodeError } from './errors.ts';
import type { Holds } from './holds.ts';
import type { Ledger } from './ledger.ts';

export type Kept = { readonly blocks: BlockStore; readonly ledger: Ledger; readonly holds: Holds };

/**
 * Removes each block that no pin, no lease and no request under way keeps, and says which.
 * Decision and deed are one step of the event loop, so what a request takes hold of before it
 * looks whether the block is there can't vanish under it.
 *
 * @throws NodeError `busy` while pins of an older version wait to be indexed
 */
export async function* sweep({ blocks, ledger, holds }: Kept): AsyncGenerator<CID> {
  if ([...ledger.withoutMembers()].length > 0) {
    throw new NodeError('busy', 'a pin of an older version has missing blocks: bring them, or unpin it');
  }
  ledger.dropLeases(Date.now());
  for (const digests of blocks.pages()) {
    const now = Date.now();
    const unkept = digests.filter((digest) => !holds.has(digest) && !ledger.keeps(digest, now));
    if (unkept.length > 0) blocks.remove(unkept);
    // On disk a block has no codec; Kubo says "raw" too.
    for (const digest of unkept) yield cidOf(RAW, digest);
    // Others get their turn; what they write comes after this page.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await blocks.compact();
}

export type Verified = { readonly cid: CID; readonly ok: boolean };

/** Reads and hashes every block. */
export async function* verifyAll(blocks: BlockStore): AsyncGenerator<Verified> {
  for (const digests of blocks.pages()) {
    for (const cid of digests.map((digest) => cidOf(RAW, digest))) {
      const fault = await faultOf(blocks, cid);
      // Gone since it was listed: that is no fault of the disk.
      if (fault === 'not-found' && !(await blocks.has(cid))) continue;
      yield { cid, ok: fault === undefined };
    }
  }
}

async function faultOf(blocks: BlockStore, cid: CID): Promise<Fault | undefined> {
  try {
    await blocks.get(cid);
    return undefined;
  } catch (error) {
    if (error instanceof NodeError) return error.fault;
    throw error;
  }
}
