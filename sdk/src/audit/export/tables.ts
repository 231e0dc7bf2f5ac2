import { type ExportedEntry, type Exporter, plainEntry } from './exported-entry.ts';

const COLUMNS = [
  'patient',
  'sequence',
  'openedAt',
  'accessor',
  'organisation',
  'recordId',
  'purpose',
  'ground',
  'emergency',
  'outcome',
  'decision',
  'blockNumber',
  'transactionHash',
  'keyHash',
] as const satisfies readonly (keyof ReturnType<typeof plainEntry>)[];

/** RFC 4180, with a header. Nothing in it is free text, so no cell can be taken for a formula. */
export const exportCsv: Exporter = async function* (entries) {
  yield `${COLUMNS.join(',')}\r\n`;
  for await (const entry of entries) {
    const plain = plainEntry(entry);
    yield `${COLUMNS.map((column) => plain[column] ?? '').join(',')}\r\n`;
  }
};

/** One object a line. */
export const exportNdjson: Exporter = async function* (entries) {
  for await (const entry of entries) yield `${JSON.stringify(plainEntry(entry))}\n`;
};

/** One object, written piece by piece. */
export const exportJson: Exporter = async function* (entries, { chainId, log, exportedAt, filters }) {
  const head = {
    format: 'chartkey-log-export',
    version: 1,
    chainId,
    log: log.toLowerCase(),
    exportedAt: exportedAt.toISOString(),
    filters,
  };
  yield `${JSON.stringify(head).slice(0, -1)},"entries":[`;
  let between = '\n';
  for await (const entry of entries) {
    yield between + jsonOf(entry);
    between = ',\n';
  }
  yield '\n]}\n';
};

function jsonOf(entry: ExportedEntry): string {
  return JSON.stringify(plainEntry(entry));
}
