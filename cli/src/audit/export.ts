import {
  describeFilter,
  type Exporter,
  entriesFrom,
  exportCsv,
  exportFhir,
  exportJson,
  exportNdjson,
  fetchLogProof,
  patientsFor,
  proofFileLines,
  verifyLogProof,
} from '@chartkey/sdk';
import type { Address } from 'viem';
import { readerFor } from '../access.ts';
import { type Command, UsageError } from '../command.ts';
import { isThere, writePieces } from '../files.ts';
import { oneOf } from '../inputs.ts';
import { CHAIN_OPTIONS, INDEX_OPTIONS } from '../settings.ts';
import { BLOCK_OPTIONS, trustedBlock } from './block.ts';
import { FILTER_OPTIONS, filterFrom } from './filter.ts';
import { type ReportOptions, report } from './report.ts';
import { entriesAfter, type Left, leftOf, RESUMABLE, type Resumable } from './resume.ts';
import { indexFor } from './source.ts';

const FORMATS = {
  csv: rows(exportCsv),
  json: rows(exportJson),
  ndjson: rows(exportNdjson),
  fhir: rows(exportFhir),
  html: report,
  proof,
} as const satisfies Record<string, (options: ReportOptions) => AsyncIterable<string>>;

const NAMES = Object.keys(FORMATS) as (keyof typeof FORMATS)[];
const PIECE = 65_536;
/** An index that is started anew does not end a long export. */
const PATIENCE_MS = 60_000;

export const exportEntries: Command = {
  name: 'audit export',
  says: 'Writes entries of access logs, or a proof of whole logs, into a file',
  options: {
    format: {
      value: 'FORMAT',
      says: 'csv, json, ndjson, fhir (AuditEvents, one a line), html (a report), proof (for audit verify --file)',
      needed: true,
      choices: NAMES,
    },
    out: { value: 'FILE', says: 'where to write; never over a file that is there', needed: true },
    resume: { says: `goes on with FILE.part, which an interrupted export left (${RESUMABLE.join(', ')})` },
    ...FILTER_OPTIONS,
    ...BLOCK_OPTIONS,
    ...CHAIN_OPTIONS,
    ...INDEX_OPTIONS,
  },
  more: `A report has the proof’s verdict on its first page. A proof has whole logs, of --patient or of everybody.`,
  examples: [
    'audit export --format csv --emergency --out emergencies.csv',
    'audit export --format csv --emergency --out emergencies.csv --resume',
    'audit export --format html --accessor 0x… --since 90d --out report.html',
    'audit export --format proof --patient 0x… --out proof.ndjson',
  ],
  run: async (given) => {
    const name = oneOf(NAMES, given.needed('format'), '--format');
    const resumable = RESUMABLE.find((one) => one === name);
    const out = given.needed('out');
    const left = given.on('resume') ? await toGoOnWith(out, resumable) : undefined;
    const filter = filterFrom(given);
    const named = await indexFor(given, filter);
    const index = named && { ...named, patienceMs: PATIENCE_MS };
    const client = await readerFor(given);
    const block = await trustedBlock(client, given);
    const { chainId, log } = client.deployment;
    const context = { chainId, log, exportedAt: new Date(), filters: describeFilter(filter) };
    const pieces = FORMATS[name]({ client, index, filter, block, context, out, left });
    const interruption = { goOnAt: left?.bytes, keepsPart: resumable !== undefined };
    const bytes = await writePieces(out, encoded(pieces), interruption).catch(async (error: unknown) => {
      if (await isThere(`${out}.part`)) console.error('What was written is kept: go on with --resume.');
      throw error;
    });
    return {
      json: { out, bytes, block },
      lines: [`${out}: ${bytes} bytes, up to block ${block.number} (${block.hash})`],
    };
  },
};

function rows(exporter: Exporter) {
  return ({ client, context, index, filter, block, left }: ReportOptions) => {
    const toBlock = block.number;
    if (!left) return exporter(entriesFrom(client, { index, filter, toBlock }), context);
    // Time never goes back on a chain: what is not written yet is not older.
    const from = Math.max(filter.from ?? 0, left.openedAt);
    const rest = entriesFrom(client, { index, filter: { ...filter, from }, toBlock });
    return withoutHead(exporter, exporter(entriesAfter(rest, left), context));
  };
}

async function* withoutHead(exporter: Exporter, pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let isHead = exporter === exportCsv;
  for await (const piece of pieces) {
    if (!isHead) yield piece;
    isHead = false;
  }
}

async function toGoOnWith(out: string, format: Resumable | undefined): Promise<Left | undefined> {
  if (format) return leftOf(out, format);
  throw new UsageError(`--resume: goes on with ${RESUMABLE.join(', ')} alone; others are made anew`);
}

async function* proof({ client, index, filter, block }: ReportOptions): AsyncGenerator<string> {
  const { patient: _whose, ...others } = filter;
  if (Object.keys(others).length > 0) {
    throw new UsageError('--format: a proof is of whole logs; --patient is its only filter');
  }
  const patients: Address[] = [];
  for await (const patient of patientsFor(client, filter, block)) patients.push(patient);
  const made = await fetchLogProof(client, { patients, blockNumber: block.number });
  const { heads } = verifyLogProof(made, { blockHash: block.hash });
  const entriesOf = (patient: Address) =>
    entriesFrom(client, { index, filter: { patient }, toBlock: block.number });
  yield* proofFileLines(made, heads, entriesOf);
}

/** Rows are short; they go to the disk in larger pieces. */
async function* encoded(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let waiting = '';
  for await (const piece of pieces) {
    waiting += piece;
    if (waiting.length < PIECE) continue;
    yield encoder.encode(waiting);
    waiting = '';
  }
  if (waiting !== '') yield encoder.encode(waiting);
}
