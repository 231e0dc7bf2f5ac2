import type { LogFinding } from '@chartkey/sdk';

/** One lie of an index, in a line. */
export function toldFinding({ kind, sequence, fields, transactionHash }: LogFinding): string {
  return `  ${kind}: entry ${sequence}${fields ? ` (${fields.join(', ')})` : ''}, transaction ${transactionHash}`;
}
