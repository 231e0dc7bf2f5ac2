import type { CID } from 'multiformats/cid';
import type { BlockStore } from './blocks.ts';
import { cidOf, RAW } from './cid.ts';
import { NodeError } from './errors.ts';
import type { Holds } from './holds.ts';
import type { Ledger } from './ledger.ts';

/** How many files are looked at before other requests get their turn. */
const FILES_A_TURN = 256;

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
  let looked = 0;
  for await (const digest of blocks.digests()) {
    looked += 1;
    if (looked % FILES_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    if (holds.has(digest) || ledger.keeps(digest, Date.now())) continue;
    blocks.remove(digest);
    // On disk a block has no codec; Kubo says "raw" too.
    yield cidOf(RAW, digest);
  }
}

export type Verified = { readonly cid: CID; readonly ok: boolean };

/** Reads and hashes every block. */
export async function* verifyAll(blocks: BlockStore): AsyncGenerator<Verified> {
  for await (const digest of blocks.digests()) {
    const cid = cidOf(RAW, digest);
    try {
      await blocks.get(cid);
      yield { cid, ok: true };
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      // Gone since it was listed: that is no fault of the disk.
      if (error.fault === 'corrupt') yield { cid, ok: false };
    }
  }
}
