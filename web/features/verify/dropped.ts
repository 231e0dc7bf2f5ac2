import {
  type ChartkeyClient,
  fileDigest,
  MAX_ENVELOPE_LENGTH,
  parseEnvelope,
  type RecordId,
  recordIdOfEnvelope,
  recordOf,
} from '@chartkey/sdk';
import type { Address, Hex } from 'viem';

/** What a file turned out to be. It was read here, and sent nowhere. */
export type Dropped = { readonly name: string; readonly sha256: Hex } & (
  | { readonly kind: 'envelope'; readonly recordId: RecordId | undefined; readonly says: EnvelopeSays }
  | { readonly kind: 'age' | 'archive' | 'other' }
);

/** Where an envelope claims to belong. */
export type EnvelopeSays = {
  readonly chainId: bigint;
  readonly recordIndex: Address;
  readonly patient: Address;
  readonly author: Address;
};

const AGE = 'age-encryption.org/v1\n';
/** POSIX tar says so at this offset of its first block. */
const TAR_MAGIC_AT = 257;

/** @throws ChainError if a record of a re-wrapped envelope can't be looked up */
export async function identify(client: ChartkeyClient, file: File): Promise<Dropped> {
  const about = { name: file.name, sha256: await fileDigest(file) };
  const says = await envelopeIn(file);
  if (says)
    return { ...about, kind: 'envelope', says, recordId: await recordFor(client, about.sha256, says) };
  const head = new TextDecoder('latin1').decode(await file.slice(0, 512).arrayBuffer());
  if (head.startsWith(AGE)) return { ...about, kind: 'age' };
  if (head.slice(TAR_MAGIC_AT).startsWith('ustar')) return { ...about, kind: 'archive' };
  return { ...about, kind: 'other' };
}

async function envelopeIn(file: File): Promise<EnvelopeSays | undefined> {
  if (file.size > MAX_ENVELOPE_LENGTH) return undefined;
  try {
    const { chainId, recordIndex, patient, author } = parseEnvelope(new Uint8Array(await file.arrayBuffer()));
    return { chainId, recordIndex, patient, author };
  } catch {
    // Most files are no envelope: that is an answer here.
    return undefined;
  }
}

/** A record's id is the digest of its first envelope; later ones stand in the log of re-wraps. */
async function recordFor(
  client: ChartkeyClient,
  digest: Hex,
  { patient }: EnvelopeSays,
): Promise<RecordId | undefined> {
  const first = digest as RecordId;
  if (await recordOf(client, { recordId: first })) return first;
  return recordIdOfEnvelope(client, { patient, envelopeDigest: digest });
}
