import { compareLogs, type LogEntry, type LogFinding, type ProvenEntries } from '@chartkey/sdk';

/**
 * `proven`: complete, in order and unedited, by a head that stands in a block. `wrong`: this is where
 * the list breaks. `unproven`: it is in a list that breaks somewhere else, so nothing is known of it.
 */
export type ProofStatus = 'proven' | 'wrong' | 'unproven';

/** Of a whole log. A log that nobody wrote in is proven too: its head says so. */
export function logStatus({ verdict }: Pick<ProvenEntries, 'verdict'>): ProofStatus {
  return verdict.ok ? 'proven' : 'wrong';
}

/**
 * Of one entry, as whoever shows it has it. A head proves a whole list or nothing of it, so that in a
 * list that breaks no entry is proven; in one that adds up, an entry that is not in it just so is wrong.
 */
export function rowStatus(
  log: Pick<ProvenEntries, 'verdict' | 'entries' | 'block'>,
  entry: LogEntry,
): ProofStatus {
  const { verdict, entries, block } = log;
  if (!verdict.ok) {
    return verdict.fault?.sequence === entry.sequence && verdict.fault.kind !== 'edited'
      ? 'wrong'
      : 'unproven';
  }
  const isLater = entry.sequence > entries.length && entry.blockNumber > block.number;
  if (isLater) return 'unproven';
  return rowFinding(log, entry) ? 'wrong' : 'proven';
}

/** How an entry differs from the one that a proven list has in its place; undefined if it does not. */
export function rowFinding(
  { entries }: Pick<ProvenEntries, 'entries'>,
  entry: LogEntry,
): LogFinding | undefined {
  const actual = entries[entry.sequence - 1];
  if (actual === entry) return undefined;
  const compared = { claimed: [entry], actual: actual ? [actual] : [], claimedUpTo: entry.blockNumber };
  return compareLogs(compared)[0];
}

/** Unix seconds; `from` belongs to it, `until` does not. */
export type Period = { readonly from: number; readonly until: number };

/** Of what happened in a period: where the list breaks lies between the entries before and after. */
export function periodStatus(
  { verdict, entries }: Pick<ProvenEntries, 'verdict' | 'entries'>,
  { from, until }: Period,
): ProofStatus {
  if (verdict.ok) return 'proven';
  const { fault } = verdict;
  // Of an edit only the end of the list is known: it may lie in any period before.
  if (!fault || fault.kind === 'edited') return 'unproven';
  const before = entries.filter(({ sequence }) => sequence < fault.sequence).at(-1)?.openedAt ?? 0;
  const after = entries.find(({ sequence }) => sequence >= fault.sequence)?.openedAt ?? Infinity;
  return before < until && after >= from ? 'wrong' : 'unproven';
}
