import { bodyDigest, bodyLength, openBody, padded, sealBody } from './body.ts';
import { decode, encode, type Metadata } from './metadata.ts';
import { hmac, join, number, openGcm, openHpke, sealGcm, sealHpke, sha256, text } from './primitives.ts';
import { type Point, split, valueAt } from './shamir.ts';

/*
 * A second implementation of docs/format.md: small, slow, one section after the other, and
 * without a line of the product's. Errors are the codes that the document names.
 */

const NUL = Buffer.of(0);
const ONE = Buffer.of(1);

export type Binding = {
  readonly chainId: bigint;
  readonly recordIndex: Uint8Array;
  readonly patient: Uint8Array;
  readonly author: Uint8Array;
  readonly salt: Uint8Array;
};

export type WriteParameters = Binding & {
  readonly contentKey: Uint8Array;
  readonly content: Uint8Array;
  readonly metadata: Metadata;
  readonly epoch: number;
  readonly k: number;
  readonly keepers: readonly { readonly id: Uint8Array; readonly publicKey: Uint8Array }[];
  readonly patientPublicKey: Uint8Array | undefined;
};

/** Sections 2 to 6. */
export async function write(parameters: WriteParameters): Promise<{ envelope: Buffer; body: Buffer }> {
  const { contentKey: m, chainId, recordIndex, patient, author, salt, keepers, k } = parameters;
  const n = keepers.length;
  const binding = join(number(chainId, 8), recordIndex, patient, author, salt);
  const origin = join(text('chartkey/1 body'), NUL, ONE, binding);
  const { floeHeader, body } = sealBody(bodyKey(m), origin, parameters.content);
  const keeperSet = sha256(...keepers.flatMap(({ id, publicKey }) => [id, sha256(publicKey)]));
  const prefix = join(
    text('CHARTKY1'),
    number(1, 2),
    Buffer.of(2, 1, k, n),
    number(parameters.patientPublicKey ? 0 : 1, 2),
    number(2074 + 1233 * n, 4),
    number(parameters.epoch, 4),
    binding,
    keeperSet,
    number(body.length, 8),
    await bodyDigest(body),
    hmac(m, text('chartkey/1 commit'), NUL, origin, ONE),
    floeHeader,
  );
  const ctx = sha256(prefix);
  const parts = [prefix, sealGcm(metaKey(m, ctx), encode(parameters.metadata), ctx)];
  parts.push(await patientBlock(parameters.patientPublicKey, m, ctx));
  const points = split(m, k, n);
  for (const [i, { publicKey }] of keepers.entries()) {
    const { x, y } = points[i] ?? { x: 0, y: NUL };
    const c = shareCommitment(ctx, i, x, y);
    const sealed = await sealHpke(publicKey, y, 'chartkey/1 keeper', join(ctx, Buffer.of(i, x), c));
    parts.push(join(Buffer.of(x), sha256(publicKey), c, sealed));
  }
  const before = join(...parts);
  return { envelope: join(before, mac(m, before)), body };
}

async function patientBlock(publicKey: Uint8Array | undefined, m: Uint8Array, ctx: Buffer): Promise<Buffer> {
  if (!publicKey) return Buffer.alloc(1200);
  return join(sha256(publicKey), await sealHpke(publicKey, m, 'chartkey/1 patient', ctx));
}

export type Parsed = {
  readonly bytes: Buffer;
  readonly k: number;
  readonly n: number;
  readonly ctx: Buffer;
  readonly origin: Buffer;
  readonly bodyLength: number;
};

/** Section 2, row after row. */
export function parse(input: Uint8Array): Parsed {
  const bytes = Buffer.from(input);
  const check = (holds: boolean, code: string) => {
    if (!holds) throw new Error(code);
  };
  check(bytes.length >= 2074 + 1233 * 2 && bytes.length <= 2074 + 1233 * 32, 'ENVELOPE_LENGTH');
  check(bytes.subarray(0, 8).equals(text('CHARTKY1')), 'ENVELOPE_MALFORMED');
  check(bytes.readUInt16BE(8) === 1, 'ENVELOPE_VERSION_UNKNOWN');
  check(bytes[10] === 2 && bytes[11] === 1, 'ENVELOPE_SUITE_UNKNOWN');
  const [k, n, flags] = [bytes.readUInt8(12), bytes.readUInt8(13), bytes.readUInt16BE(14)];
  check(flags < 2 && n >= 2 && n <= 32 && k >= 2 && k <= n, 'ENVELOPE_FIELD');
  const length = 2074 + 1233 * n;
  check(bytes.readUInt32BE(16) === length && bytes.length === length, 'ENVELOPE_LENGTH');
  const b = Number(bytes.readBigUInt64BE(156));
  const p = b - 32 * Math.ceil(b / 262_144);
  check(p <= 2 ** 40 && p >= 65_536 && padded(p) === p && bodyLength(p) === b, 'ENVELOPE_FIELD');
  check(bytes.subarray(228, 238).toString('hex') === '00000004000000000020', 'ENVELOPE_FIELD');
  const patient = bytes.subarray(842, 2042);
  if (flags === 1) check(patient.equals(Buffer.alloc(1200)), 'ENVELOPE_FIELD');
  else check(!patient.subarray(0, 32).equals(Buffer.alloc(32)), 'ENVELOPE_FIELD');
  const seen = new Set<string>(['x00', `h${'00'.repeat(32)}`]);
  for (let i = 0; i < n; i++) {
    const block = bytes.subarray(2042 + 1233 * i, 2042 + 1233 * (i + 1));
    const names = [`x${block.toString('hex', 0, 1)}`, `h${block.toString('hex', 1, 33)}`];
    for (const name of names) check(!seen.has(name), 'ENVELOPE_FIELD');
    for (const name of names) seen.add(name);
  }
  const origin = join(text('chartkey/1 body'), NUL, ONE, bytes.subarray(24, 124));
  return { bytes, k, n, ctx: sha256(bytes.subarray(0, 302)), origin, bodyLength: b };
}

/** Section 4: the share in keeper block i, and step 1 of section 7. */
export async function openShare({ bytes, ctx }: Parsed, i: number, seed: Uint8Array): Promise<Point> {
  const block = bytes.subarray(2042 + 1233 * i, 2042 + 1233 * (i + 1));
  const x = block.readUInt8(0);
  const c = block.subarray(33, 65);
  const aad = join(ctx, Buffer.of(i, x), c);
  const y = await openHpke(seed, block.subarray(65), 'chartkey/1 keeper', aad).catch(() => {
    throw new Error('SEAL_BROKEN');
  });
  if (!shareCommitment(ctx, i, x, y).equals(c)) throw new Error('SHARE_WRONG');
  return { x, y };
}

/** Section 7, steps 2 to 5. */
export function combine(envelope: Parsed, points: readonly Point[]): Buffer {
  const { bytes, ctx, k, n } = envelope;
  if (points.length < k) throw new Error('SHARES_TOO_FEW');
  const chosen = points.slice(0, k);
  for (let i = 0; i < n; i++) {
    const x = bytes.readUInt8(2042 + 1233 * i);
    const c = bytes.subarray(2042 + 1233 * i + 33, 2042 + 1233 * i + 65);
    if (!shareCommitment(ctx, i, x, valueAt(chosen, x)).equals(c)) throw new Error('SHARES_INCONSISTENT');
  }
  return verified(envelope, valueAt(chosen, 0));
}

export async function openPatientBlock(envelope: Parsed, seed: Uint8Array): Promise<Buffer> {
  const sealed = envelope.bytes.subarray(874, 2042);
  const m = await openHpke(seed, sealed, 'chartkey/1 patient', envelope.ctx).catch(() => {
    throw new Error('SEAL_BROKEN');
  });
  return verified(envelope, m);
}

function verified({ bytes, origin }: Parsed, m: Buffer): Buffer {
  const commitment = hmac(m, text('chartkey/1 commit'), NUL, origin, ONE);
  if (!commitment.equals(bytes.subarray(196, 228))) throw new Error('KEY_COMMITMENT_MISMATCH');
  if (!mac(m, bytes.subarray(0, -32)).equals(bytes.subarray(-32))) throw new Error('ENVELOPE_MAC_MISMATCH');
  return m;
}

/** Sections 5 and 6. */
export function read(envelope: Parsed, m: Uint8Array, body: Uint8Array) {
  const { bytes, ctx, origin } = envelope;
  const metadata = decode(opened(metaKey(m, ctx), bytes.subarray(302, 842), ctx));
  if (bodyLength(metadata.length) !== envelope.bodyLength) throw new Error('METADATA_BROKEN');
  const plaintext = openBody(bodyKey(m), origin, bytes.subarray(228, 302), body, envelope.bodyLength);
  return { metadata, content: plaintext.subarray(0, metadata.length) };
}

function opened(key: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Buffer {
  try {
    return openGcm(key, sealed, aad);
  } catch {
    throw new Error('METADATA_BROKEN');
  }
}

/* Section 3 */

const bodyKey = (m: Uint8Array) => hmac(m, text('chartkey/1 body'), NUL, ONE);
const metaKey = (m: Uint8Array, ctx: Uint8Array) => hmac(m, text('chartkey/1 metadata'), NUL, ctx, ONE);
const mac = (m: Uint8Array, before: Uint8Array) =>
  hmac(hmac(m, text('chartkey/1 envelope'), NUL), sha256(before));
const shareCommitment = (ctx: Uint8Array, i: number, x: number, y: Uint8Array) =>
  sha256(text('chartkey/1 share'), NUL, ctx, Buffer.of(i, x), y);
