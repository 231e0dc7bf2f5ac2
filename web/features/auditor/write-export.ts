import {
  type ChartkeyClient,
  describeFilter,
  type EntryFilter,
  type ExportContext,
  type ExportedEntry,
  type Exporter,
  entriesFrom,
  exportCsv,
  exportFhir,
  exportHtml,
  exportJson,
  exportNdjson,
  type Index,
  reportVerdict,
  type TrustedBlock,
} from '@chartkey/sdk';
import { stopIfAborted } from './stop.ts';

export const FORMATS = {
  csv: { ending: 'csv', write: exportCsv },
  json: { ending: 'json', write: exportJson },
  ndjson: { ending: 'ndjson', write: exportNdjson },
  fhir: { ending: 'fhir.ndjson', write: exportFhir },
  report: { ending: 'html', write: undefined },
} as const satisfies Record<string, { readonly ending: string; readonly write: Exporter | undefined }>;

export type Format = keyof typeof FORMATS;

export type ExportProgress = { readonly entries: number; readonly logs: number };

export type ExportAsked = {
  readonly format: Format;
  readonly filter: EntryFilter;
  readonly index: Index | undefined;
  /** Where it goes; without one it is held as a blob and handed back. */
  readonly target: FileSystemFileHandle | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ExportProgress) => void;
};

export type Exported = {
  readonly entries: number;
  readonly bytes: number;
  /** Of a report: whether every log in it is proven. */
  readonly proven: boolean | undefined;
  readonly blob: Blob | undefined;
};

/** Pieces are written in larger ones, in characters. */
const PIECE = 262_144;

/** A name that says what and when, and of nobody. */
export function exportName(format: Format, now = new Date()): string {
  return `chartkey-log-${now.toISOString().slice(0, 10)}.${FORMATS[format].ending}`;
}

/**
 * Writes entries into a file, piece by piece, up to the newest block; a report with the proof's verdict
 * before them.
 *
 * @throws ChartkeyError `CANCELLED`; IntegrityError; IndexError; ChainError
 */
export async function writeExport(reader: ChartkeyClient, asked: ExportAsked): Promise<Exported> {
  const { hash, number } = await reader.publicClient.getBlock({ blockTag: 'latest' });
  const block = { hash, number };
  const { chainId, log } = reader.deployment;
  const context = { chainId, log, exportedAt: new Date(), filters: describeFilter(asked.filter) };
  const counted = { entries: 0, logs: 0 };
  const count = (progress: Partial<ExportProgress>) => {
    stopIfAborted(asked.signal);
    Object.assign(counted, progress);
    asked.onProgress({ ...counted });
  };
  const { write } = FORMATS[asked.format];
  if (write === undefined) return writeReport(reader, { ...asked, block, context, count });
  const entries = entriesFrom(reader, { index: asked.index, filter: asked.filter, toBlock: number });
  const written = await writePieces(write(countedIn(entries, count), context), asked.target);
  return { ...written, entries: counted.entries, proven: undefined };
}

type ReportAsked = ExportAsked & {
  readonly block: TrustedBlock;
  readonly context: ExportContext;
  readonly count: (progress: Partial<ExportProgress>) => void;
};

/** Rows wait as blobs, which the browser keeps on its disk, until all logs are checked. */
async function writeReport(reader: ChartkeyClient, asked: ReportAsked): Promise<Exported> {
  const { index, filter, block, context, count, target } = asked;
  const waiting: Blob[] = [];
  let [text, rows, logs] = ['', 0, 0];
  const flush = () => {
    waiting.push(new Blob([text]));
    text = '';
  };
  const onRow = (entry: ExportedEntry) => {
    rows += 1;
    text += `${JSON.stringify({ ...entry, blockNumber: Number(entry.blockNumber) })}\n`;
    if (text.length >= PIECE) flush();
  };
  const onVerdict = () => {
    logs += 1;
    count({ entries: rows, logs });
  };
  const verdict = await reportVerdict(reader, { index, filter, block, onRow, onVerdict });
  flush();
  const written = await writePieces(exportHtml(readBack(waiting), context, verdict), target);
  return { ...written, entries: rows, proven: verdict.ok };
}

async function* readBack(waiting: readonly Blob[]): AsyncGenerator<ExportedEntry> {
  for (const blob of waiting) {
    for (const line of (await blob.text()).split('\n')) {
      if (line === '') continue;
      const entry = JSON.parse(line) as ExportedEntry;
      yield { ...entry, blockNumber: BigInt(entry.blockNumber) };
    }
  }
}

const TELL_EVERY = 500;

async function* countedIn(
  entries: AsyncIterable<ExportedEntry>,
  count: (progress: Partial<ExportProgress>) => void,
): AsyncGenerator<ExportedEntry> {
  let done = 0;
  for await (const entry of entries) {
    done += 1;
    if (done % TELL_EVERY === 0) count({ entries: done });
    yield entry;
  }
  count({ entries: done });
}

async function writePieces(
  pieces: AsyncIterable<string>,
  target: FileSystemFileHandle | undefined,
): Promise<{ readonly bytes: number; readonly blob: Blob | undefined }> {
  const file = await target?.createWritable();
  const blobs: Blob[] = [];
  let bytes = 0;
  const write = async (text: string) => {
    const piece = new Blob([text]);
    bytes += piece.size;
    if (file) await file.write(piece);
    else blobs.push(piece);
  };
  try {
    let waiting = '';
    for await (const piece of pieces) {
      waiting += piece;
      if (waiting.length < PIECE) continue;
      await write(waiting);
      waiting = '';
    }
    await write(waiting);
    await file?.close();
  } catch (error) {
    // Nothing half-written is left where a whole file is looked for.
    await file?.abort().catch(() => undefined);
    throw error;
  }
  return { bytes, blob: file ? undefined : new Blob(blobs) };
}
