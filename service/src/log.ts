/** One event in the life of a service: a name, and counts, codes and milliseconds. */
export type Log = (
  event: string,
  fields?: Readonly<Record<string, number | string | Readonly<Record<string, number>>>>,
) => void;

/**
 * One line of JSON on stderr.
 *
 * Warning: callers pass counts, codes and times only. An address, a record id, a transaction or the
 * URL of an RPC endpoint (which may carry a credential) never gets in here.
 */
export const logLine: Log = (event, fields = {}) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
};
