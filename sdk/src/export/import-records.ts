import { sha256 } from '@noble/hashes/sha2.js';
import type { Address } from 'viem';
import type { ChartkeyClient } from '../contracts/index.ts';
import { toHex } from '../envelope/bytes.ts';
import type { RecordId } from '../envelope/index.ts';
import type { KeeperNetwork } from '../keeper/index.ts';
import {
  type SealedRecord,
  type SealProgress,
  type SealRecordParameters,
  sealRecord,
} from '../record/index.ts';
import type { StorageClient } from '../storage/index.ts';
import { type ImportableRecord, type ImportFile, readImport } from './import-chart.ts';
import type { ReadableRecord } from './record-pieces.ts';

export type ImportRecordsParameters = ImportFile & {
  /** Some of those that `inspectImport` found. */
  readonly records: readonly ImportableRecord[];
  readonly storage: StorageClient;
  readonly network: KeeperNetwork;
  readonly patient: Address;
  readonly author: Address;
  readonly onProgress?: ((record: ImportableRecord, progress: SealProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Instead of `sealRecord` itself: for whoever tries again by themselves. */
  readonly seal?:
    | ((record: ImportableRecord, parameters: SealRecordParameters) => Promise<SealedRecord>)
    | undefined;
};

export type ImportedRecord = {
  readonly record: ImportableRecord;
  /** The new record's; `addRecords` puts it on the chain. */
  readonly recordId: RecordId;
};

/** Up to this length a record is held, so that its upload can go on where it broke off. */
const HELD_BYTES = 16 * 1_048_576;

/**
 * Seals records out of an archive as new records of this patient, one after the other: new keys,
 * new ids, today's keepers. Nothing is on the chain yet. What came out before a failure stays
 * sealed, so call it again with the rest.
 *
 * @throws as `sealRecord` and `inspectImport`
 */
export async function* importRecords(
  client: ChartkeyClient,
  { file, name, opening, records, onProgress, signal, seal, ...to }: ImportRecordsParameters,
): AsyncGenerator<ImportedRecord, void, undefined> {
  for await (const { record, content } of readImport({ file, name, opening }, records, { signal })) {
    const parameters: SealRecordParameters = {
      ...to,
      source: record.metadata.length <= HELD_BYTES ? await held(content) : content,
      metadata: record.metadata,
      onProgress: (progress) => onProgress?.(record, progress),
      signal,
    };
    const sealed = await (seal ? seal(record, parameters) : sealRecord(client, parameters));
    yield { record, recordId: sealed.recordId };
  }
}

/** A record of the chart that is imported into; only those of a wanted length are read. */
export type PresentRecord = {
  readonly recordId: RecordId;
  readonly length: number;
  readonly open: () => Promise<ReadableRecord>;
};

/**
 * Which records of an archive the chart has already: the same record, or another one with the
 * same content, from an earlier import. One that can't be opened now counts as not there.
 *
 * @returns their paths.
 */
export async function alreadyThere(
  records: readonly ImportableRecord[],
  chart: readonly PresentRecord[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>(chart.map(({ recordId }) => recordId));
  const there = new Set<string>();
  const open: ImportableRecord[] = [];
  for (const record of records) {
    if (record.recordId !== undefined && ids.has(record.recordId)) there.add(record.path);
    else open.push(record);
  }
  const lengths = new Set(open.map(({ metadata }) => metadata.length));
  for (const present of chart) {
    if (!lengths.has(present.length)) continue;
    const digest = await digestOf(present, options.signal);
    for (const { path, sha256: wanted } of open) if (wanted === digest) there.add(path);
  }
  return there;
}

async function digestOf(present: PresentRecord, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const hash = sha256.create();
    const record = await present.open();
    for await (const piece of record.content(signal && { signal })) hash.update(piece);
    return toHex(hash.digest()).slice(2);
  } catch (error) {
    if (signal?.aborted) throw error;
    return undefined;
  }
}

async function held(content: AsyncIterable<Uint8Array>): Promise<Blob> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return new Blob(pieces as Uint8Array<ArrayBuffer>[]);
}
