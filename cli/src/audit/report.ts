import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import {
  auditLogs,
  type ChartkeyClient,
  ChartkeyError,
  type ExportContext,
  type ExportedEntry,
  type ExportVerdict,
  exportHtml,
  type Index,
  patientsOf,
  type TrustedBlock,
} from '@chartkey/sdk';
import type { Address } from 'viem';
import { type Filter, isWanted } from './filter.ts';
import { entriesFrom } from './source.ts';
import { told } from './told.ts';

export type ReportOptions = {
  readonly client: ChartkeyClient;
  readonly index: Index | undefined;
  readonly filter: Filter;
  readonly block: TrustedBlock;
  readonly context: ExportContext;
  /** Rows wait in a file of their own beside it until the verdict is known. */
  readonly out: string;
};

const MAX_FAULTS = 20;
const PIECE = 65_536;

/**
 * A report: first what a proof says of every log in it, then the rows. Rows are picked out of the very
 * lists that were held against the heads, never asked for anew: an index that answers the proof's
 * questions honestly and a filter's not would be believed otherwise.
 */
export async function* report(options: ReportOptions): AsyncGenerator<string> {
  const rows = await waitingRows(`${options.out}.rows`);
  try {
    const verdict = await verdictOf(options, rows.add);
    yield* exportHtml(rows.read(), options.context, verdict);
  } finally {
    await rows.remove();
  }
}

/** Of the one patient that is asked for, or of everybody. */
async function verdictOf(
  { client, index, filter, block }: ReportOptions,
  add: (entry: ExportedEntry) => Promise<void>,
): Promise<ExportVerdict> {
  const faults: string[] = [];
  let [patients, proven, entries] = [0, 0, 0];
  const entriesOf = async function* (patient: Address) {
    for await (const entry of entriesFrom(client, { index, filter: { patient }, toBlock: block.number })) {
      if (isWanted(entry, filter)) await add(entry);
      yield entry;
    }
  };
  const whose = patientsFor(client, filter, block);
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

export async function* patientsFor(
  client: ChartkeyClient,
  { patient }: Filter,
  { number }: TrustedBlock,
): AsyncGenerator<Address> {
  if (patient === undefined) yield* patientsOf(client, { toBlock: number });
  else yield patient;
}

async function waitingRows(path: string) {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw new ChartkeyError('FILE_UNWRITABLE', '--out: no file can be written beside it.', { cause });
  });
  let waiting = '';
  const flush = async () => {
    await file.writeFile(waiting);
    waiting = '';
  };
  return {
    add: async (entry: ExportedEntry) => {
      waiting += `${JSON.stringify({ ...entry, blockNumber: Number(entry.blockNumber) })}\n`;
      if (waiting.length > PIECE) await flush();
    },
    read: async function* (): AsyncGenerator<ExportedEntry> {
      await flush();
      for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
        const entry = JSON.parse(line);
        yield { ...entry, blockNumber: BigInt(entry.blockNumber) };
      }
    },
    remove: async () => {
      await file.close();
      await rm(path, { force: true });
    },
  };
}
