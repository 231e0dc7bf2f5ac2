import { randomBytes } from 'node:crypto';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CarIndexer } from '@ipld/car/indexer';
import { equals } from 'multiformats/bytes';
import type { CID } from 'multiformats/cid';

/* What a disk does to an embedded node, without asking it. */

/** Where a section lies in a pack. */
export type Section = {
  readonly cid: CID;
  readonly file: string;
  /** First of the block's bytes. */
  readonly bytesAt: number;
  readonly length: number;
};

/** All that lies in the packs, listed or not, as another implementation of CARs finds it. */
export async function sectionsIn(dir: string): Promise<Section[]> {
  const sections: Section[] = [];
  for (const name of await readdir(join(dir, 'packs'))) {
    const file = join(dir, 'packs', name);
    for await (const { cid, blockOffset, blockLength } of await CarIndexer.fromBytes(await readFile(file))) {
      sections.push({ cid, file, bytesAt: blockOffset, length: blockLength });
    }
  }
  return sections;
}

/** A lost block: another's name stands where its name should. */
export async function loseBlock(dir: string, cid: CID): Promise<void> {
  const { file, bytesAt } = await sectionOf(dir, cid);
  await writeInto(file, bytesAt - 32, randomBytes(32));
}

/** A bit that turned in a block. */
export async function flipBit(dir: string, cid: CID): Promise<void> {
  const { file, bytesAt, length } = await sectionOf(dir, cid);
  const at = bytesAt + (length >> 1);
  const bytes = await readFile(file);
  await writeInto(file, at, Buffer.from([bytes.readUInt8(at) ^ 1]));
}

async function sectionOf(dir: string, cid: CID): Promise<Section> {
  const found = (await sectionsIn(dir)).find((one) => equals(one.cid.multihash.digest, cid.multihash.digest));
  if (found === undefined) throw new Error('the block is not on this disk');
  return found;
}

async function writeInto(file: string, at: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(bytes, 0, bytes.length, at);
  await handle.close();
}
