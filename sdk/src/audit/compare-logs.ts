import type { Hex } from 'viem';
import type { LogEntry } from '../log/index.ts';

/** One lie, and the entry that it is about. */
export type LogFinding = {
  /**
   * `hidden`: it is on the chain, in a block that the index says it has read, and not in the answer.
   * `delayed`: the same, in a block that the index does not say it has read. `invented`: the chain does
   * not have it. `edited`: something of it is not what the chain has. `reordered`: it stands in another place.
   */
  readonly kind: 'hidden' | 'delayed' | 'invented' | 'edited' | 'reordered';
  /** The entry's number on the chain; of an invented one, the number that it was given. */
  readonly sequence: number;
  /** What was edited. */
  readonly fields?: readonly string[];
  /** The transaction that it stands in, as whoever told of it says. */
  readonly transactionHash: Hex;
};

type Pair = { readonly claimed: LogEntry; readonly actual: LogEntry };

/** What the head commits to, but for the number. */
const CONTENT = ['recordId', 'accessor', 'purpose', 'decision', 'openedAt', 'keyHash', 'ground'] as const;
/** What it does not, and what an edit may reach all the same. */
const WITH_PLACE = [...CONTENT, 'patient', 'blockNumber', 'transactionHash'] as const;

/**
 * Says what is wrong with an index's answer.
 *
 * @param claimed a patient's entries as an index has them
 * @param actual the same from the chain, which add up to a proven head
 * @param claimedUpTo the newest block that the index says it has read
 */
export function compareLogs({
  claimed,
  actual,
  claimedUpTo,
}: {
  readonly claimed: readonly LogEntry[];
  readonly actual: readonly LogEntry[];
  readonly claimedUpTo: bigint;
}): LogFinding[] {
  const { pairs, surplus, absent } = matched(claimed, actual);
  const invented = surplus.map((entry) => finding('invented', entry));
  const gone = absent.map((entry) => finding(entry.blockNumber > claimedUpTo ? 'delayed' : 'hidden', entry));
  const edited = pairs.flatMap(({ claimed: told, actual: real }) => {
    const fields = WITH_PLACE.filter((field) => !same(told[field], real[field]));
    return fields.length === 0 ? [] : [{ ...finding('edited', real), fields }];
  });
  const moved = outOfOrder(pairs).map(({ actual: real }) => finding('reordered', real));
  const found = [...invented, ...gone, ...edited, ...moved];
  // With one entry more or less all that follow have other numbers, and that is no further lie.
  const renumbered =
    found.length > 0 ? [] : pairs.filter((pair) => pair.claimed.sequence !== pair.actual.sequence);
  return [
    ...found,
    ...renumbered.map(({ actual: real }) => ({ ...finding('edited', real), fields: ['sequence'] })),
  ].sort((a, b) => a.sequence - b.sequence);
}

/** Entries that are the same go together first, wherever they stand; then those of one number. */
function matched(claimed: readonly LogEntry[], actual: readonly LogEntry[]) {
  const byContent = Map.groupBy(actual, contentOf);
  const pairs: Pair[] = [];
  const unlike: LogEntry[] = [];
  for (const told of claimed) {
    const candidates = byContent.get(contentOf(told)) ?? [];
    const place = candidates.findIndex(({ sequence }) => sequence === told.sequence);
    const [real] = candidates.splice(Math.max(place, 0), 1);
    if (real) pairs.push({ claimed: told, actual: real });
    else unlike.push(told);
  }
  const left = new Map([...byContent.values()].flat().map((entry) => [entry.sequence, entry]));
  const surplus = unlike.filter((told) => {
    const real = left.get(told.sequence);
    if (!real || !isLike(told, real)) return true;
    left.delete(told.sequence);
    pairs.push({ claimed: told, actual: real });
    return false;
  });
  return { pairs, surplus, absent: [...left.values()] };
}

/** An edited entry still says something of what it was; one that says nothing of it was made up. */
function isLike(told: LogEntry, real: LogEntry): boolean {
  return same(told.transactionHash, real.transactionHash) || same(told.keyHash, real.keyHash);
}

/** The fewest entries that were moved: all that are not in the longest run that is in order. */
function outOfOrder(pairs: readonly Pair[]): Pair[] {
  const told = [...pairs].sort((a, b) => a.claimed.sequence - b.claimed.sequence);
  /** ends[n]: the place of the smallest end of a run of n + 1. */
  const ends: number[] = [];
  const before: number[] = [];
  const numberAt = (place: number | undefined) => told[place ?? -1]?.actual.sequence ?? 0;
  for (const [place, { actual }] of told.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numberAt(ends[middle]) < actual.sequence) low = middle + 1;
      else high = middle;
    }
    before[place] = low === 0 ? -1 : (ends[low - 1] ?? -1);
    ends[low] = place;
  }
  const kept = new Set<number>();
  for (let place = ends.at(-1) ?? -1; place >= 0; place = before[place] ?? -1) kept.add(place);
  return told.filter((_, place) => !kept.has(place));
}

function contentOf(entry: LogEntry): string {
  return CONTENT.map((field) => String(entry[field]).toLowerCase()).join(' ');
}

function same(a: unknown, b: unknown): boolean {
  return String(a).toLowerCase() === String(b).toLowerCase();
}

function finding(kind: LogFinding['kind'], { sequence, transactionHash }: LogEntry): LogFinding {
  return { kind, sequence, transactionHash };
}
