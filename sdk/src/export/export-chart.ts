import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Address } from 'viem';
import { toHex } from '../envelope/bytes.ts';
import type { Metadata, RecordId } from '../envelope/index.ts';
import { ChartkeyError } from '../errors.ts';
import { type ArchiveWriter, packArchive } from './archive.ts';
import { base64, type ChartContents, type ChartEntry } from './chart-entry.ts';
import { type FhirGatherer, fhirIndex, gatherFhir } from './chart-fhir.ts';
import { startPage } from './chart-html.ts';
import {
  ARCHIVE_LIMITS,
  CHART_FOLDER,
  INDEX_NAME,
  MANIFEST_NAME,
  type MissingRecord,
  manifestText,
  RECORDS_FOLDER,
  START_PAGE_NAME,
} from './chart-manifest.ts';
import { archiveFileName } from './file-name.ts';
import { openPieces, type ReadableRecord } from './record-pieces.ts';

/** What the chain says of a record; `IndexedRecord` fits. */
export type ChartRecord = {
  readonly recordId: RecordId;
  readonly compartment: number;
  readonly author: Address;
  readonly superseded: boolean;
};

export type ChartSource = Pick<ChartContents, 'chainId' | 'recordIndex' | 'patient' | 'folderName'> & {
  /** At most 10,000; the newest first. */
  readonly records: readonly ChartRecord[];
  /**
   * Opens one record. A `ChartkeyError` leaves this record out and says why; any other error
   * ends the export.
   */
  readonly open: (recordId: RecordId) => Promise<ReadableRecord>;
};

export type ExportProgress = {
  readonly records: number;
  readonly totalRecords: number;
  /** Content bytes written so far; how many there will be is known at the end only. */
  readonly bytes: number;
  readonly missing: number;
};

export type ExportChartOptions = {
  readonly onProgress?: ((progress: ExportProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly exportedAt?: Date | undefined;
  /** Pauses before a record that storage could not bring is asked for again. */
  readonly retryDelaysMs?: readonly number[] | undefined;
};

/**
 * A whole chart as one tar archive: the records' files, a FHIR Bundle and a readable start page
 * as indexes, and a manifest with checksums that {@link inspectImport} reads. Memory stays flat.
 * A record that can't be opened is named in the indexes, with the reason, and loses nothing else.
 *
 * Warning: the archive is not encrypted. Whoever has it reads the chart for ever, without a
 * consent, a log or a keeper; pipe it through {@link exportAge} for anything that travels.
 *
 * Warning: an archive that broke off is refused as a whole at import. There is no going on in the
 * middle of an export, as the file that it goes to would have to be read again first.
 *
 * @throws ChartkeyError `CANCELLED`, `INPUT_TOO_LARGE`
 * @example
 * const archive = exportChart({ ...chart, records, open });
 * for await (const piece of exportAge(archive, { passphrase })) await file.write(piece);
 */
export function exportChart(
  source: ChartSource,
  options: ExportChartOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  if (source.records.length > ARCHIVE_LIMITS.records) {
    throw new ChartkeyError('INPUT_TOO_LARGE', `An export holds at most ${ARCHIVE_LIMITS.records} records.`);
  }
  const exportedAt = options.exportedAt ?? new Date();
  return packArchive(exportedAt, async (writer) => {
    const work = new ChartWriter(writer, source, options);
    for (const record of source.records) await work.record(record);
    await work.indexes(exportedAt);
  });
}

class ChartWriter {
  readonly #writer: ArchiveWriter;
  readonly #source: ChartSource;
  readonly #options: ExportChartOptions;
  readonly #fhir: FhirGatherer = gatherFhir();
  readonly #entries: ChartEntry[] = [];
  readonly #missing: MissingRecord[] = [];
  #bytes = 0;

  constructor(writer: ArchiveWriter, source: ChartSource, options: ExportChartOptions) {
    this.#writer = writer;
    this.#source = source;
    this.#options = options;
  }

  async record(record: ChartRecord): Promise<void> {
    const { signal, retryDelaysMs } = this.#options;
    this.#report();
    try {
      const opened = await openPieces(() => this.#source.open(record.recordId), { signal, retryDelaysMs });
      await this.#write(record, opened.metadata, opened.pieces);
    } catch (error) {
      this.#leaveOut(record, error);
    }
    this.#report();
  }

  async indexes(exportedAt: Date): Promise<void> {
    const { chainId, recordIndex, patient } = this.#source;
    const contents = { ...this.#source, exportedAt, entries: this.#entries, missing: this.#missing };
    const files = [
      { path: INDEX_NAME, bytes: utf8(fhirIndex(contents, this.#fhir.entries())) },
      { path: START_PAGE_NAME, bytes: utf8(startPage(contents)) },
    ];
    for (const { path, bytes } of files) await this.#writeWhole(path, bytes);
    const manifest = manifestText({
      exportedAt: exportedAt.toISOString(),
      chainId,
      recordIndex: lower(recordIndex),
      patient: lower(patient),
      files: files.map(({ path, bytes }) => ({
        path,
        sha256: digestOf(sha256(bytes)),
        length: bytes.length,
      })),
      records: this.#entries.map(({ sha1: _, superseded: __, ...entry }) => entry),
      missing: this.#missing,
    });
    await this.#writeWhole(MANIFEST_NAME, utf8(manifest));
  }

  async #write(record: ChartRecord, metadata: Metadata, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const { recordId, compartment, author, superseded } = record;
    const number = this.#entries.length + this.#missing.length + 1;
    const path = `${RECORDS_FOLDER}/${archiveFileName(number, metadata)}`;
    const file = this.#writer.add(`${CHART_FOLDER}/${path}`, metadata.length);
    const hashes = { sha256: sha256.create(), sha1: sha1.create() };
    const kept: Uint8Array[] | undefined = this.#fhir.wants(metadata) ? [] : undefined;
    let written = 0;
    try {
      for await (const piece of pieces) {
        hashes.sha256.update(piece);
        hashes.sha1.update(piece);
        kept?.push(piece);
        await file.write(piece);
        written += piece.length;
        this.#bytes += piece.length;
        this.#report();
      }
    } catch (error) {
      await this.#breakOff(file, metadata.length - written, error);
      this.#leaveOut(record, error, path);
      return;
    }
    await file.close();
    if (kept) this.#fhir.take(recordId, await joined(kept));
    this.#entries.push({
      ...metadata,
      ...{ recordId, path, compartment, author: lower(author), superseded },
      sha256: digestOf(hashes.sha256.digest()),
      sha1: base64(hashes.sha1.digest()),
    });
  }

  /** The archive has said how long the file is, so the rest of it is zeros. */
  async #breakOff(
    file: WritableStreamDefaultWriter<Uint8Array>,
    rest: number,
    error: unknown,
  ): Promise<void> {
    if (!this.#mayLeaveOut(error)) throw error;
    const zeros = new Uint8Array(1_048_576);
    for (let left = rest; left > 0; left -= zeros.length) {
      this.#throwIfCancelled();
      await file.write(zeros.subarray(0, Math.min(left, zeros.length)));
    }
    await file.close();
  }

  #leaveOut({ recordId, compartment }: ChartRecord, error: unknown, path?: string): void {
    if (!this.#mayLeaveOut(error)) throw error;
    const { code, message: reason } = error;
    this.#missing.push({ recordId, compartment, code, reason, ...(path !== undefined && { path }) });
  }

  #mayLeaveOut(error: unknown): error is ChartkeyError {
    this.#throwIfCancelled();
    return error instanceof ChartkeyError && error.code !== 'CANCELLED';
  }

  async #writeWhole(path: string, bytes: Uint8Array): Promise<void> {
    this.#throwIfCancelled();
    const file = this.#writer.add(`${CHART_FOLDER}/${path}`, bytes.length);
    await file.write(bytes);
    await file.close();
  }

  #report(): void {
    this.#throwIfCancelled();
    const missing = this.#missing.length;
    this.#options.onProgress?.({
      ...{ records: this.#entries.length + missing, totalRecords: this.#source.records.length },
      ...{ bytes: this.#bytes, missing },
    });
  }

  #throwIfCancelled(): void {
    if (this.#options.signal?.aborted) throw new ChartkeyError('CANCELLED', 'The export was cancelled.');
  }
}

function digestOf(digest: Uint8Array): string {
  return toHex(digest).slice(2);
}

function lower(address: Address): Address {
  return address.toLowerCase() as Address;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function joined(pieces: readonly Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}
