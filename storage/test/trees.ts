import { createHash } from 'node:crypto';
import { CarWriter } from '@ipld/car/writer';
import { encode, prepare } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import { create as createMultihash } from 'multiformats/hashes/digest';

export type TestBlock = { readonly cid: CID; readonly bytes: Uint8Array };

const RAW = 0x55;
const DAG_PB = 0x70;

export function rawBlock(bytes: Uint8Array): TestBlock {
  return blockOf(RAW, bytes);
}

/** A file of these leaves, of any sizes, in this order. */
export function fileNode(children: readonly TestBlock[]): TestBlock {
  const file = new UnixFS({ type: 'file', blockSizes: children.map(({ bytes }) => BigInt(bytes.length)) });
  return nodeOf(
    file,
    children.map((child) => ['', child]),
  );
}

export function folderNode(entries: Readonly<Record<string, TestBlock>>): TestBlock {
  return nodeOf(new UnixFS({ type: 'directory' }), Object.entries(entries));
}

export function nodeOf(unixfs: UnixFS, links: readonly (readonly [string, TestBlock])[]): TestBlock {
  const Links = links.map(([Name, { cid, bytes }]) => ({ Name, Hash: cid, Tsize: bytes.length }));
  return blockOf(DAG_PB, encode(prepare({ Data: unixfs.marshal(), Links })));
}

function blockOf(codec: number, bytes: Uint8Array): TestBlock {
  const digest = createHash('sha256').update(bytes).digest();
  return { cid: CID.createV1(codec, createMultihash(0x12, digest)), bytes };
}

/** A CARv1 with these blocks, written by another implementation than the one under test. */
export async function carWith(roots: readonly CID[], blocks: readonly TestBlock[]): Promise<Uint8Array> {
  const { writer, out } = CarWriter.create([...roots]);
  const pieces: Uint8Array[] = [];
  const reading = (async () => {
    for await (const piece of out) pieces.push(piece);
  })();
  for (const block of blocks) await writer.put(block);
  await writer.close();
  await reading;
  return Buffer.concat(pieces);
}
