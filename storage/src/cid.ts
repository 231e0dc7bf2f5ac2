import { hash } from 'node:crypto';
import { decode as decodeNode, type PBNode } from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { create as createMultihash } from 'multiformats/hashes/digest';
import { invalid } from './errors.ts';

export const RAW = 0x55;
export const DAG_PB = 0x70;
const SHA2_256 = 0x12;

export type Block = { readonly cid: CID; readonly bytes: Uint8Array };

export function cidOf(codec: number, digest: Uint8Array): CID {
  return CID.createV1(codec, createMultihash(SHA2_256, digest));
}

/** From text, as it stands in a URL: `<cid>` or `/ipfs/<cid>`, without a path behind it. */
export function parseCid(text: string): CID {
  const plain = text.startsWith('/ipfs/') ? text.slice('/ipfs/'.length) : text;
  if (plain.includes('/')) throw invalid('paths below a CID are not served');
  // The text form is 59 characters in base32; other bases are longer or shorter, none twice that.
  if (plain.length > 128) throw invalid('not a CID: too long');
  let cid: CID;
  try {
    cid = CID.parse(plain);
  } catch (cause) {
    throw Object.assign(invalid('not a CID'), { cause });
  }
  return checkCid(cid);
}

/** The only CIDs that this node holds: version 1, raw or dag-pb, SHA-256 in full length. */
export function checkCid(cid: CID): CID {
  if (cid.version !== 1) throw invalid('CIDv0 is not accepted: use CIDv1');
  if (cid.code !== RAW && cid.code !== DAG_PB) throw invalid('only raw and dag-pb CIDs are accepted');
  const { code, digest } = cid.multihash;
  if (code !== SHA2_256 || digest.length !== 32) throw invalid('only sha2-256 CIDs are accepted');
  return cid;
}

export function digestOf(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}

export function matches(cid: CID, bytes: Uint8Array): boolean {
  return Buffer.compare(digestOf(bytes), cid.multihash.digest) === 0;
}

/** Parsed at the door, so that no walk meets a node it can't read. */
export function parseNode(bytes: Uint8Array): PBNode {
  let node: PBNode;
  try {
    node = decodeNode(bytes);
  } catch (cause) {
    throw Object.assign(invalid('not a dag-pb node'), { cause });
  }
  for (const { Hash } of node.Links) checkCid(Hash);
  return node;
}

export function linksOf(block: Block): CID[] {
  return block.cid.code === RAW ? [] : parseNode(block.bytes).Links.map(({ Hash }) => Hash);
}
