import type { Address, Hex } from 'viem';
import { addressBytes, concat, fromHex, toHex, uint, utf8 } from '../envelope/bytes.ts';
import { sha256 } from '../envelope/hash.ts';
import type { OpeningId, RecordId } from '../envelope/index.ts';
import { IntegrityError } from '../errors.ts';
import { z } from '../zod.ts';

/**
 * A keeper's journal of releases: one line of JSON each, chained by SHA-256. It names the opening
 * that a release answered, which stands on the public log too, and no person and no record.
 */
export type JournalEntry = {
  /** From 1. */
  readonly sequence: number;
  /** Unix seconds by the keeper's clock. */
  readonly releasedAt: number;
  readonly openingId: OpeningId;
  /** How many shares were released. */
  readonly records: number;
  /** SHA-256 over the record ids, in the order of the answer: who has them can check them. */
  readonly recordsDigest: Hex;
};

/** How long a journal is, and the hash that stands for all of it. */
export type JournalHead = { readonly sequence: number; readonly head: Hex };

const hash = z.string().regex(/^0x[0-9a-f]{64}$/);
const schema = z.strictObject({
  sequence: z.int().positive(),
  releasedAt: z.int().nonnegative(),
  openingId: hash,
  records: z.int().positive(),
  recordsDigest: hash,
  previous: hash,
});

/** What the first entry follows: a journal is one keeper's, on one chain. */
export function journalStart(keeper: {
  readonly chainId: number;
  readonly recordIndex: Address;
  readonly operator: Address;
}): JournalHead {
  const label = concat(utf8('chartkey/1 journal'), new Uint8Array(1));
  const where = concat(uint(BigInt(keeper.chainId), 8), addressBytes(keeper.recordIndex, 'The RecordIndex'));
  return {
    sequence: 0,
    head: toHex(sha256(concat(label, where, addressBytes(keeper.operator, 'The operator')))),
  };
}

/** The line that writes down a release after `last`, and the head that it makes. */
export function journalLine(
  last: JournalHead,
  release: {
    readonly releasedAt: number;
    readonly openingId: OpeningId;
    readonly recordIds: readonly RecordId[];
  },
): JournalHead & { readonly line: string } {
  const { releasedAt, openingId, recordIds } = release;
  const recordsDigest = toHex(sha256(concat(...recordIds.map((id) => fromHex(id, 32, 'A record id')))));
  const entry = {
    sequence: last.sequence + 1,
    releasedAt,
    openingId,
    records: recordIds.length,
    recordsDigest,
  };
  const line = JSON.stringify({ ...entry, previous: last.head });
  return { sequence: entry.sequence, head: hashOf(line), line };
}

/**
 * The head after one more line that was written.
 *
 * @throws IntegrityError `JOURNAL_BROKEN` if the line was changed, or lines before it were changed,
 * removed, added or reordered.
 */
export function followJournal(last: JournalHead, line: string): JournalHead {
  const parsed = schema.safeParse(parseJson(line));
  const next = last.sequence + 1;
  if (!parsed.success) throw broken(next, 'is no entry');
  // One encoding of a thing: otherwise a line could be changed without its meaning.
  if (JSON.stringify(parsed.data) !== line) throw broken(next, 'is not as a keeper writes it');
  if (parsed.data.sequence !== next) throw broken(next, 'is missing');
  if (parsed.data.previous !== last.head) throw broken(next, 'does not follow the one before');
  return { sequence: next, head: hashOf(line) };
}

/**
 * Reads a whole journal, and holds it against heads that were published before.
 *
 * @returns its head
 * @throws IntegrityError `JOURNAL_BROKEN`
 */
export async function verifyJournal(
  lines: AsyncIterable<string>,
  { start, published }: { readonly start: JournalHead; readonly published: readonly JournalHead[] },
): Promise<JournalHead> {
  let last = start;
  const open = new Map(published.map(({ sequence, head }) => [sequence, head]));
  const check = () => {
    const head = open.get(last.sequence);
    if (head !== undefined && head !== last.head)
      throw broken(last.sequence, 'is another than was published');
    open.delete(last.sequence);
  };
  check();
  for await (const line of lines) {
    last = followJournal(last, line);
    check();
  }
  const [missing] = open.keys();
  if (missing !== undefined) throw broken(missing, 'was published and is not there');
  return last;
}

function hashOf(line: string): Hex {
  return toHex(sha256(utf8(line)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function broken(sequence: number, what: string): IntegrityError {
  return new IntegrityError('JOURNAL_BROKEN', `The journal is broken: entry ${sequence} ${what}.`, {
    advice: 'Keep the file as it is. Compare it with copies, and with heads that were published.',
  });
}
