import { CID } from 'multiformats/cid';
import { toHex } from '../envelope/bytes.ts';
import type { RecordId } from '../envelope/index.ts';
import { digestOf, rawCid } from '../storage/index.ts';

const HEX = /^(?:0x)?([0-9a-f]{64})$/i;
const ADDRESS = /^(?:ipfs:\/\/|\/ipfs\/)?([A-Za-z0-9]{20,120})$/;

/**
 * The record id that somebody typed or pasted: 64 hex digits with or without `0x`, or the IPFS
 * address of its first envelope (CIDv1, raw, SHA-256), alone or as `ipfs://…` or `/ipfs/…`.
 *
 * @returns undefined for anything else
 */
export function recordIdFrom(text: string): RecordId | undefined {
  const trimmed = text.trim();
  const hex = HEX.exec(trimmed)?.[1];
  if (hex !== undefined) return `0x${hex.toLowerCase()}` as RecordId;
  const address = ADDRESS.exec(trimmed)?.[1];
  if (address === undefined) return undefined;
  try {
    const cid = CID.parse(address);
    const digest = digestOf(cid);
    return rawCid(digest).equals(cid) ? (toHex(digest) as RecordId) : undefined;
  } catch {
    return undefined;
  }
}
