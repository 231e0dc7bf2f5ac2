import {
  type Exporter,
  exportCsv,
  exportFhir,
  exportJson,
  exportNdjson,
  fetchLogProof,
  proofFileLines,
  verifyLogProof,
} from '@chartkey/sdk';
import type { Address } from 'viem';
import { readerFor } from '../access.ts';
import { type Command, UsageError } from '../command.ts';
import { writePieces } from '../files.ts';
import { oneOf } from '../inputs.ts';
import { CHAIN_OPTIONS, INDEX_OPTIONS } from '../settings.ts';
import { BLOCK_OPTIONS, trustedBlock } from './block.ts';
import { FILTER_OPTIONS, filterFrom, wordsOf } from './filter.ts';
import { patientsFor, type ReportOptions, report } from './report.ts';
import { entriesFrom, indexFrom } from './source.ts';

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
    ...FILTER_OPTIONS,
    ...BLOCK_OPTIONS,
    ...CHAIN_OPTIONS,
    ...INDEX_OPTIONS,
  },
  more: `A report has the proof’s verdict on its first page. A proof has whole logs, of --patient or of everybody.`,
  examples: [
    'audit export --format csv --emergency --out emergencies.csv',
    'audit export --format html --accessor 0x… --since 90d --out report.html',
    'audit export --format proof --patient 0x… --out proof.ndjson',
  ],
  run: async (given) => {
    const format = FORMATS[oneOf(NAMES, given.needed('format'), '--format')];
    const filter = filterFrom(given);
    const index = await indexFrom(given);
    const client = await readerFor(given);
    const block = await trustedBlock(client, given);
    const { chainId, log } = client.deployment;
    const context = { chainId, log, exportedAt: new Date(), filters: wordsOf(filter) };
    const out = given.needed('out');
    const bytes = await writePieces(out, encoded(format({ client, index, filter, block, context, out })));
    return {
      json: { out, bytes, block },
      lines: [`${out}: ${bytes} bytes, up to block ${block.number} (${block.hash})`],
    };
  },
};

function rows(exporter: Exporter) {
  return ({ client, context, index, filter, block }: ReportOptions) =>
    exporter(entriesFrom(client, { index, filter, toBlock: block.number }), context);
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
