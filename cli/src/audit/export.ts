import {
  auditLogs,
  type ChartkeyClient,
  type ExportContext,
  type ExportVerdict,
  exportCsv,
  exportFhir,
  exportHtml,
  exportJson,
  exportNdjson,
  fetchLogProof,
  type Index,
  patientsOf,
  proofFileLines,
  type TrustedBlock,
  verifyLogProof,
} from '@chartkey/sdk';
import type { Address } from 'viem';
import { CHAIN_OPTIONS, clientFor } from '../access.ts';
import type { Command } from '../command.ts';
import {
  BLOCK_OPTIONS,
  entriesFrom,
  FILTER_OPTIONS,
  type Filter,
  filterFrom,
  INDEX_OPTIONS,
  indexFrom,
  invalid,
  trustedBlock,
  wordsOf,
  writePieces,
} from './access.ts';
import { told } from './verify.ts';

type Wanted = {
  readonly client: ChartkeyClient;
  readonly index: Index | undefined;
  readonly filter: Filter;
  readonly block: TrustedBlock;
  readonly context: ExportContext;
};

type Format = (wanted: Wanted) => AsyncIterable<string>;

const FORMATS: Readonly<Record<string, Format>> = {
  csv: (wanted) => exportCsv(entriesFrom(wanted.client, wanted), wanted.context),
  json: (wanted) => exportJson(entriesFrom(wanted.client, wanted), wanted.context),
  ndjson: (wanted) => exportNdjson(entriesFrom(wanted.client, wanted), wanted.context),
  fhir: (wanted) => exportFhir(entriesFrom(wanted.client, wanted), wanted.context),
  html: report,
  proof,
};

const MAX_FAULTS = 20;

export const exportEntries: Command = {
  name: 'audit export',
  says: 'Writes entries of access logs, or a proof of whole logs, into a file',
  options: {
    ...CHAIN_OPTIONS,
    ...INDEX_OPTIONS,
    ...BLOCK_OPTIONS,
    ...FILTER_OPTIONS,
    format: {
      value: 'FORMAT',
      says: 'csv, json, ndjson, fhir (AuditEvents, one a line), html (a report), proof (for audit verify --file)',
      needed: true,
    },
    output: { value: 'FILE', says: 'where to write; never over a file that is there', needed: true },
  },
  more: `A report has the proof’s verdict on its first page. A proof has whole logs, of --patient or of everybody.

  chartkey audit export --addresses deploy/addresses/31337.json --format csv --emergency --output emergencies.csv
  chartkey audit export --addresses deploy/addresses/31337.json --format proof --patient 0x… --output proof.ndjson`,
  run: async (given) => {
    const format = FORMATS[given.needed('format')];
    if (!format) throw invalid('format', `must be ${Object.keys(FORMATS).join(', ')}`);
    const client = await clientFor(given);
    const filter = filterFrom(given);
    const block = await trustedBlock(client, given);
    const { chainId, log } = client.deployment;
    const context = { chainId, log, exportedAt: new Date(), filters: wordsOf(filter) };
    const output = given.needed('output');
    const pieces = format({ client, index: indexFrom(given), filter, block, context });
    const bytes = await writePieces(output, pieces);
    return {
      json: { output, bytes, block },
      lines: [`${output}: ${bytes} bytes, up to block ${block.number} (${block.hash})`],
    };
  },
};

async function* report(wanted: Wanted): AsyncGenerator<string> {
  const verdict = await verdictOf(wanted);
  yield* exportHtml(entriesFrom(wanted.client, wanted), wanted.context, verdict);
}

/** Of the one patient that is asked for, or of everybody: a row is proven if its patient's whole log is. */
async function verdictOf({ client, index, filter, block }: Wanted): Promise<ExportVerdict> {
  const faults: string[] = [];
  let [patients, proven, entries] = [0, 0, 0];
  const whose = patientsFor(client, filter, block);
  const entriesOf = (patient: Address) => entriesFrom(client, { index, filter: { patient }, block });
  for await (const verdict of auditLogs(client, { patients: whose, block, entriesOf })) {
    patients += 1;
    entries += verdict.entries;
    if (verdict.ok) proven += 1;
    else if (faults.length < MAX_FAULTS) faults.push(told(verdict));
  }
  const { timestamp } = await client.publicClient.getBlock({ blockHash: block.hash });
  const header = { ...block, timestamp: Number(timestamp) };
  return { ok: proven === patients, block: header, patients, proven, entries, faults };
}

async function* proof({ client, index, filter, block }: Wanted): AsyncGenerator<string> {
  const { patient: _whose, ...others } = filter;
  if (Object.keys(others).length > 0)
    throw invalid('format', 'proof is of whole logs: --patient is its only filter');
  const patients: Address[] = [];
  for await (const patient of patientsFor(client, filter, block)) patients.push(patient);
  const made = await fetchLogProof(client, { patients, blockNumber: block.number });
  const { heads } = verifyLogProof(made, { blockHash: block.hash });
  yield* proofFileLines(made, heads, (patient) => entriesFrom(client, { index, filter: { patient }, block }));
}

async function* patientsFor(
  client: ChartkeyClient,
  { patient }: Filter,
  { number }: TrustedBlock,
): AsyncGenerator<Address> {
  if (patient === undefined) yield* patientsOf(client, { toBlock: number });
  else yield patient;
}
