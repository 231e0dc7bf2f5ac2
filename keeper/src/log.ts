/** One event in the life of a keeper: a name, and counts, reasons and milliseconds. */
export type Log = (
  event: string,
  fields?: Readonly<Record<string, number | string | Readonly<Record<string, number>>>>,
) => void;

/**
 * One line of JSON on stderr.
 *
 * Warning: callers pass counts, reasons and times only. An address, a record id, an opening or
 * the URL of an RPC endpoint (which may carry a credential) never gets in here.
 */
export const logLine: Log = (event, fields = {}) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
};

/** How often each reason stands in the list. */
export function tally(reasons: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
