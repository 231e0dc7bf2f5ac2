import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import {
  type ChartkeyClient,
  ChartkeyError,
  type EntryFilter,
  type ExportContext,
  type ExportedEntry,
  exportHtml,
  type Index,
  reportVerdict,
  type TrustedBlock,
} from '@chartkey/sdk';
import type { Left } from './resume.ts';

export type ReportOptions = {
  readonly client: ChartkeyClient;
  readonly index: Index | undefined;
  readonly filter: EntryFilter;
  readonly block: TrustedBlock;
  readonly context: ExportContext;
  /** Rows wait in a file of their own beside it until the verdict is known. */
  readonly out: string;
  /** What an interrupted export of rows has written. */
  readonly left: Left | undefined;
};

const PIECE = 65_536;

/** A report: first what a proof says of every log in it, then the rows, which wait in a file until then. */
export async function* report(options: ReportOptions): AsyncGenerator<string> {
  const rows = await waitingRows(`${options.out}.rows`);
  try {
    const verdict = await reportVerdict(options.client, { ...options, onRow: rows.add });
    yield* exportHtml(rows.read(), options.context, verdict);
  } finally {
    await rows.remove();
  }
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
