import { randomBytes } from 'node:crypto';
import { importer } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';
import type { CID } from 'multiformats/cid';
import { expand384, join, number, openGcm, sealGcm, text } from './primitives.ts';

/* Section 6 of docs/format.md: padding, FLOE, and the tree on IPFS. */

const SEGMENT = 262_144;
const PLAIN = 262_112;
const PARAMETERS = Buffer.from('00000004000000000020', 'hex');

export function padded(length: number): number {
  if (length <= 65_536) return 65_536;
  let e = 0;
  while (2 ** (e + 1) <= length) e++;
  let s = 1;
  while (2 ** s <= e) s++;
  const step = 2 ** (e - s);
  let sum = Math.floor(length / step) * step;
  if (sum < length) sum += step;
  return sum;
}

export function bodyLength(contentLength: number): number {
  const p = padded(contentLength);
  return p + 32 * Math.ceil(p / PLAIN);
}

/** FLOE's derivations with one segment key, which is right for fewer than 2^20 segments. */
function keysOf(key: Uint8Array, parametersAndIv: Uint8Array, aad: Uint8Array) {
  const kdf = (k: Uint8Array, purpose: Uint8Array, length: number) =>
    expand384(k, join(parametersAndIv, purpose, aad), length);
  const tag = kdf(key, text('HEADER_TAG:'), 32);
  const segmentKey = kdf(kdf(key, text('MESSAGE_KEY:'), 48), join(text('DEK:'), number(0, 8)), 32);
  return { tag, segmentKey };
}

export function sealBody(key: Uint8Array, aad: Uint8Array, content: Uint8Array) {
  const prefix = join(PARAMETERS, randomBytes(32));
  const { tag, segmentKey } = keysOf(key, prefix, aad);
  const plaintext = Buffer.alloc(padded(content.length));
  plaintext.set(content);
  const last = Math.ceil(plaintext.length / PLAIN) - 1;
  const segments: Buffer[] = [];
  for (let i = 0; i <= last; i++) {
    const piece = plaintext.subarray(i * PLAIN, (i + 1) * PLAIN);
    const sealed = sealGcm(segmentKey, piece, join(number(i, 8), number(i === last ? 1 : 0, 1)));
    segments.push(join(number(i === last ? 4 + sealed.length : 0xffff_ffff, 4), sealed));
  }
  return { floeHeader: join(prefix, tag), body: join(...segments) };
}

export function openBody(
  key: Uint8Array,
  aad: Uint8Array,
  header: Uint8Array,
  body: Uint8Array,
  length: number,
): Buffer {
  const { tag, segmentKey } = keysOf(key, header.subarray(0, 42), aad);
  if (!tag.equals(header.subarray(42))) throw new Error('BODY_HEADER_BROKEN');
  if (body.length < length) throw new Error('BODY_TRUNCATED');
  if (body.length > length) throw new Error('BODY_EXTENDED');
  const last = Math.ceil(length / SEGMENT) - 1;
  const parts: Buffer[] = [];
  for (let i = 0; i <= last; i++) {
    const segment = Buffer.from(body.subarray(i * SEGMENT, (i + 1) * SEGMENT));
    const field = i === last ? segment.length : 0xffff_ffff;
    if (segment.readUInt32BE() !== field) throw new Error('BODY_SEGMENT_BROKEN');
    try {
      parts.push(openGcm(segmentKey, segment.subarray(4), join(number(i, 8), number(i === last ? 1 : 0, 1))));
    } catch {
      throw new Error('BODY_SEGMENT_BROKEN');
    }
  }
  return join(...parts);
}

/** The digest in the root's CID, by the importer that IPFS itself uses. */
export async function bodyDigest(body: Uint8Array): Promise<Buffer> {
  const store = { put: async (cid: CID) => cid };
  const options = {
    cidVersion: 1,
    rawLeaves: true,
    reduceSingleLeafToSelf: true,
    chunker: fixedSize({ chunkSize: SEGMENT }),
    layout: balanced({ maxChildrenPerNode: 174 }),
  } as const;
  for await (const { cid } of importer([{ content: body }], store, options)) {
    return Buffer.from(cid.multihash.digest);
  }
  throw new Error('nothing was imported');
}
