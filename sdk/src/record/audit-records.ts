import { hexToBytes } from 'viem';
import {
  allKeyHashes,
  allRecords,
  type ChartkeyClient,
  envelopesOf,
  type IndexedRecord,
} from '../contracts/index.ts';
import { type Envelope, parseEnvelope } from '../envelope/index.ts';
import { EnvelopeError, StorageError } from '../errors.ts';
import {
  type AuditItem,
  type AuditReport,
  auditItems,
  bodyCid,
  envelopeCid,
  type Finding,
  holdersOf,
  rawCid,
  readBlock,
  type StorageClient,
} from '../storage/index.ts';

export type AuditRecordsParameters = {
  readonly storage: StorageClient;
  /** Mends what can be mended; never erases: that is `eraseRecord`. */
  readonly repair?: boolean | undefined;
  /**
   * So many blocks of each body, drawn at random, instead of all; envelopes and pins always. A loss
   * of a fraction f of a body's blocks is then found with a probability of 1 − (1 − f)^k.
   */
  readonly blocksPerRecord?: number | undefined;
  /** After each record. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type RecordAudit = AuditReport & {
  readonly records: { readonly kept: number; readonly ended: number };
};

/**
 * Holds every storage node against the chain: what is active or pending must lie on each of them,
 * pinned, with the right bytes (the body and every envelope that the record ever had, the first of
 * which its id is the hash of), and so must every patient's key block; what was retired or rejected
 * must lie on none.
 *
 * @throws ChainError `CHAIN_UNREACHABLE`; ChartkeyError `CANCELLED`, `INPUT_INVALID` for a sample
 * that is no whole number from 1 on
 */
export async function auditRecords(
  client: ChartkeyClient,
  { storage, repair, blocksPerRecord, onProgress, signal }: AuditRecordsParameters,
): Promise<RecordAudit> {
  const records = await allRecords(client);
  const kept = records.filter(({ status }) => status === 'Active' || status === 'Pending');
  const ended = records.filter(({ status }) => status === 'Retired' || status === 'Rejected');
  const total = kept.length + ended.length;
  const report = await auditItems(storage, itemsOf(client, storage, kept, signal), {
    ...{ repair, signal },
    blocksPerItem: blocksPerRecord,
    onLabel: (labels) => onProgress?.({ done: Math.min(labels, kept.length), total }),
  });
  const left: Finding[] = [];
  for (const [index, record] of ended.entries()) {
    left.push(...(await stillThere(client, storage, record, signal)));
    onProgress?.({ done: kept.length + index + 1, total });
  }
  return {
    ...report,
    findings: [...report.findings, ...left],
    clean: report.clean && left.length === 0,
    records: { kept: kept.length, ended: ended.length },
  };
}

/** The envelope is audited even if nobody has it; its body only if somebody can say where it is. */
async function* itemsOf(
  client: ChartkeyClient,
  storage: StorageClient,
  records: readonly IndexedRecord[],
  signal: AbortSignal | undefined,
): AsyncGenerator<AuditItem> {
  for (const { recordId, envelopeDigest } of records) {
    for (const digest of await envelopesOf(client, { recordId })) {
      yield { label: recordId, root: envelopeCid(hexToBytes(digest)) };
    }
    const body = await bodyOf(storage, envelopeCid(hexToBytes(envelopeDigest)), signal);
    if (body !== undefined) yield { label: recordId, root: bodyCid(body.digest, body.length), body };
  }
  // Last, as progress counts records.
  for (const hash of await allKeyHashes(client)) {
    yield { label: `key block ${hash}`, root: rawCid(hexToBytes(hash)) };
  }
}

type Body = { readonly digest: Uint8Array; readonly length: number };

/** Where the body of an envelope lies; undefined when no node has the envelope, or it is none. */
async function bodyOf(
  storage: StorageClient,
  cid: AuditItem['root'],
  signal: AbortSignal | undefined,
): Promise<Body | undefined> {
  const envelope = await envelopeAt(storage, cid, signal);
  if (typeof envelope === 'string') return undefined;
  return { digest: hexToBytes(envelope.bodyDigest), length: envelope.bodyLength };
}

/** `absent`: no node gives it. `foreign`: what stands there is no envelope. */
export async function envelopeAt(
  storage: StorageClient,
  cid: AuditItem['root'],
  signal: AbortSignal | undefined,
): Promise<Envelope | 'absent' | 'foreign'> {
  try {
    return parseEnvelope(await readBlock(storage, cid, { signal }));
  } catch (error) {
    if (error instanceof StorageError) return 'absent';
    if (error instanceof EnvelopeError) return 'foreign';
    throw error;
  }
}

async function stillThere(
  client: ChartkeyClient,
  storage: StorageClient,
  { recordId }: IndexedRecord,
  signal: AbortSignal | undefined,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const digest of await envelopesOf(client, { recordId })) {
    const cid = envelopeCid(hexToBytes(digest));
    for (const node of await holdersOf(storage, cid, { signal })) {
      findings.push({
        label: recordId,
        cid: cid.toString(),
        node,
        finding: 'still-there',
        repaired: false,
      });
    }
  }
  return findings;
}
