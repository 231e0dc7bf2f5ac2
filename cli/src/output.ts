import { once } from 'node:events';
import { EXIT } from './exit-codes.ts';

/** What a command says at its end: one value for programs, lines for people. */
export type Result = {
  readonly json: unknown;
  readonly lines: readonly string[];
  /** Default: 0. */
  readonly exitCode?: number;
};

/** A list that may be long: it is written while it comes. */
export type Listing<T = unknown> = {
  readonly items: AsyncIterable<T> | Iterable<T>;
  readonly columns: readonly string[];
  /** One row's cells. A method, so that a listing of one kind is a listing of any. */
  row(item: T): readonly string[];
  /** What is said instead of an empty table. */
  readonly empty: string;
};

export type Format = 'text' | 'json' | 'ndjson';

/** Rows whose widths are known together; a longer list starts anew with wider ones if it must. */
const ROWS_AT_ONCE = 500;

/** @returns the exit code */
export async function write(result: Result | Listing, format: Format): Promise<number> {
  if ('items' in result) {
    await writeListing(result, format);
    return EXIT.done;
  }
  const { json, lines, exitCode = EXIT.done } = result;
  if (format !== 'text') await print(`${jsonOf(json, 2)}\n`);
  else if (lines.length > 0) await print(`${lines.join('\n')}\n`);
  return exitCode;
}

/** To stdout, no faster than it is read. */
export async function print(piece: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
}

/** Rows under a header, columns as wide as they need. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [columns, ...rows].map(line);
}

async function writeListing(listing: Listing, format: Format): Promise<void> {
  if (format === 'text') return writeTable(listing);
  let count = 0;
  for await (const item of listing.items) {
    if (format === 'json') await print(count === 0 ? '[\n' : ',\n');
    await print(format === 'json' ? jsonOf(item) : `${jsonOf(item)}\n`);
    count += 1;
  }
  if (format === 'json') await print(count === 0 ? '[]\n' : '\n]\n');
}

async function writeTable({ items, columns, row, empty }: Listing): Promise<void> {
  let rows: (readonly string[])[] = [];
  let printed = 0;
  const flush = async () => {
    const lines = table(columns, rows);
    await print(`${lines.slice(printed === 0 ? 0 : 1).join('\n')}\n`);
    printed += rows.length;
    rows = [];
  };
  for await (const item of items) {
    rows.push(row(item));
    if (rows.length === ROWS_AT_ONCE) await flush();
  }
  if (rows.length > 0) await flush();
  if (printed === 0) await print(`${empty}\n`);
}

function jsonOf(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? Number(one) : one), indent);
}
