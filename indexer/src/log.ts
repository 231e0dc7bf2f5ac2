/** One event in the life of an index: a name, and counts, codes and milliseconds. */
export type Log = (event: string, fields?: Readonly<Record<string, number | string>>) => void;

/**
 * One line of JSON on stderr.
 *
 * Warning: callers pass counts, codes, block numbers and times only. An address, a record, or the URL
 * of the RPC endpoint or database (which may carry a credential) never gets in here.
 */
export const logLine: Log = (event, fields = {}) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
};
