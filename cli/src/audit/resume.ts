import { open } from 'node:fs/promises';
import { ChartkeyError, type ExportedEntry } from '@chartkey/sdk';
import { isAddress } from 'viem';
import { z } from 'zod';

/** The last whole row of an export that was interrupted, and where it ends. */
export type Left = {
  readonly patient: string;
  readonly sequence: number;
  /** Unix seconds. */
  readonly openedAt: number;
  /** Bytes of the part file that are whole rows. */
  readonly bytes: number;
};

/** Formats of one row a line can be gone on with. */
export const RESUMABLE = ['csv', 'ndjson', 'fhir'] as const;
export type Resumable = (typeof RESUMABLE)[number];

/** No row is longer, in bytes. */
const TAIL_BYTES = 65_536;
const NEWLINE = 10;

const row = z.object({
  patient: z.string().refine((text) => isAddress(text, { strict: false })),
  sequence: z.coerce.number().int().positive(),
  openedAt: z.iso.datetime(),
});

/**
 * What an interrupted export left beside its file; undefined if not one row is whole.
 *
 * @throws ChartkeyError `INPUT_INVALID` if there is nothing, or nothing of this format
 */
export async function leftOf(out: string, format: Resumable): Promise<Left | undefined> {
  const file = await open(`${out}.part`, 'r').catch((cause: unknown) => {
    throw invalid('there is nothing to go on with', cause);
  });
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const tail = Buffer.alloc(size - from);
    await file.read(tail, 0, tail.length, from);
    const end = tail.lastIndexOf(NEWLINE);
    if (end < 0 && from === 0) return undefined;
    const lines = tail.subarray(0, Math.max(end, 0)).toString().split('\n');
    const isHeadAlone = format === 'csv' && from === 0 && lines.length === 1;
    if (isHeadAlone) return undefined;
    return { ...ROWS[format](lines.at(-1) ?? ''), bytes: from + end + 1 };
  } finally {
    await file.close();
  }
}

/** Entries after that row, with no gap and none twice. @throws ChartkeyError `INPUT_INVALID` if it never comes */
export async function* entriesAfter(
  entries: AsyncIterable<ExportedEntry>,
  { patient, sequence }: Left,
): AsyncGenerator<ExportedEntry> {
  let isBehind = false;
  for await (const entry of entries) {
    if (isBehind) yield entry;
    isBehind ||= entry.sequence === sequence && entry.patient.toLowerCase() === patient;
  }
  if (!isBehind) throw invalid('what was written is of another export');
}

const ROWS: Readonly<Record<Resumable, (line: string) => Omit<Left, 'bytes'>>> = {
  csv: (line) => {
    const [patient, sequence, openedAt] = line.split(',');
    return rowFrom({ patient, sequence, openedAt });
  },
  ndjson: (line) => rowFrom(jsonFrom(line)),
  fhir: (line) => {
    const { id, recorded } = (jsonFrom(line) ?? {}) as { readonly id?: unknown; readonly recorded?: unknown };
    const [patient, sequence] = String(id).split('-');
    return rowFrom({ patient: `0x${patient}`, sequence, openedAt: recorded });
  },
};

function rowFrom(found: unknown): Omit<Left, 'bytes'> {
  const parsed = row.safeParse(found);
  if (!parsed.success) throw invalid('what was written is of another format');
  const { patient, sequence, openedAt } = parsed.data;
  return { patient: patient.toLowerCase(), sequence, openedAt: Date.parse(openedAt) / 1_000 };
}

function jsonFrom(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function invalid(what: string, cause?: unknown): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', `--resume: ${what}.`, {
    advice: 'Export anew, without --resume.',
    cause,
  });
}
