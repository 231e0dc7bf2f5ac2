import type { ChartkeyClient, IndexedRecord } from '../contracts/index.ts';
import { SEGMENT_PLAIN_LENGTH } from '../envelope/body-length.ts';
import { fromHex, toHex } from '../envelope/bytes.ts';
import { sha256 } from '../envelope/hash.ts';
import {
  type Envelope,
  type Metadata,
  openBody,
  openBodyRange,
  openMetadata,
  type Progress,
  parseEnvelope,
  type ReadRange,
  type RecordId,
  SEGMENT_LENGTH,
} from '../envelope/index.ts';
import { type RewrapParameters, rewrapEnvelope } from '../envelope/rewrap.ts';
import { IntegrityError } from '../errors.ts';
import { rawCid, readBlock, readBody, readRange, type StorageClient } from '../storage/index.ts';

/** A record whose content key is at hand. The key itself stays inside. */
export type OpenedRecord = {
  readonly recordId: RecordId;
  readonly metadata: Metadata;
  /** A new envelope around the same content key: for other keepers, for another key of the patient. */
  readonly rewrap: (to: Omit<RewrapParameters, 'envelope' | 'contentKey'>) => Promise<Uint8Array>;
  /**
   * The content, verified piece by piece. A cut end shows only at the end, so don't act on the
   * content before the iteration has ended.
   */
  readonly content: (options?: {
    readonly onProgress?: Progress;
    readonly signal?: AbortSignal;
  }) => AsyncGenerator<Uint8Array<ArrayBuffer>>;
  /**
   * Some of the content, up to 32 MiB. Only the segments that hold it are fetched and verified,
   * so it says nothing about the rest. At the end of the content fewer bytes come back.
   */
  readonly range: (
    offset: number,
    length: number,
    options?: { readonly signal?: AbortSignal },
  ) => Promise<Uint8Array<ArrayBuffer>>;
};

type Access = { readonly storage: StorageClient; readonly signal?: AbortSignal | undefined };

/**
 * A record's current envelope, held against what the chain says of it.
 *
 * @throws StorageError, EnvelopeError, IntegrityError `ENVELOPE_MAC_MISMATCH` for an envelope of another record
 */
export async function readEnvelope(
  client: ChartkeyClient,
  record: Pick<IndexedRecord, 'patient' | 'author' | 'envelopeDigest'>,
  { storage, signal }: Access,
): Promise<Envelope> {
  const bytes = await readBlock(storage, rawCid(fromHex(record.envelopeDigest, 32, 'An envelope digest')), {
    signal,
  });
  const envelope = parseEnvelope(bytes);
  const { chainId, records } = client.deployment;
  const fits =
    toHex(sha256(bytes)) === record.envelopeDigest &&
    envelope.chainId === BigInt(chainId) &&
    same(envelope.recordIndex, records) &&
    same(envelope.patient, record.patient) &&
    same(envelope.author, record.author);
  if (fits) return envelope;
  throw new IntegrityError(
    'ENVELOPE_MAC_MISMATCH',
    'The envelope belongs to another record than the chain says.',
    {
      advice: 'Whoever added this record copied it from elsewhere. It opens for nobody.',
    },
  );
}

/** @throws IntegrityError `METADATA_BROKEN` */
export async function openedRecord(
  recordId: RecordId,
  {
    envelope,
    contentKey,
    storage,
  }: { readonly envelope: Envelope; readonly contentKey: Uint8Array; readonly storage: StorageClient },
): Promise<OpenedRecord> {
  const digest = fromHex(envelope.bodyDigest, 32, 'A body digest');
  return {
    recordId,
    metadata: await openMetadata(envelope, contentKey),
    rewrap: (to) => rewrapEnvelope({ ...to, envelope, contentKey }),
    content: ({ onProgress, signal } = {}) =>
      openBody({
        envelope,
        contentKey,
        ciphertext: readBody(storage, { digest, length: envelope.bodyLength, signal }),
        ...(onProgress && { onProgress }),
        ...(signal && { signal }),
      }),
    range: (offset, length, { signal } = {}) =>
      openBodyRange({
        ...{ envelope, contentKey, offset, length },
        readRange: rangeReader(storage, envelope, { offset, length, signal }),
        ...(signal && { signal }),
      }),
  };
}

/**
 * Reads all segments of a range of content at once, so that the tree above them is read once.
 * What it is asked for afterwards lies in them.
 */
function rangeReader(
  storage: StorageClient,
  { bodyDigest, bodyLength }: Envelope,
  wanted: { readonly offset: number; readonly length: number; readonly signal: AbortSignal | undefined },
): ReadRange {
  const start = Math.floor(wanted.offset / SEGMENT_PLAIN_LENGTH) * SEGMENT_LENGTH;
  const after = Math.ceil((wanted.offset + wanted.length) / SEGMENT_PLAIN_LENGTH) * SEGMENT_LENGTH;
  let reading: Promise<Uint8Array> | undefined;
  return async (at, count) => {
    reading ??= readRange(storage, {
      ...{ digest: fromHex(bodyDigest, 32, 'A body digest'), length: bodyLength, signal: wanted.signal },
      ...{ offset: start, count: Math.min(after, bodyLength) - start },
    });
    return (await reading).subarray(at - start, at - start + count);
  };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
