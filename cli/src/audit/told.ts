import type { LogFinding, LogVerdict } from '@chartkey/sdk';

const FAULTS = {
  missing: 'is missing',
  surplus: 'is one more than the contract counts',
  order: 'stands where another one has to',
  foreign: 'is another patient’s',
  edited: 'or one before it was changed',
} as const;

/** What is wrong with a log, in a line. */
export function told({ patient, fault }: LogVerdict): string {
  return fault
    ? `${patient}: entry ${fault.sequence} ${FAULTS[fault.kind]}`
    : `${patient}: differs from the chain`;
}

export function toldFinding({ kind, sequence, fields, transactionHash }: LogFinding): string {
  return `  ${kind}: entry ${sequence}${fields ? ` (${fields.join(', ')})` : ''}, transaction ${transactionHash}`;
}
