import type { LogFinding, LogVerdict } from '@chartkey/sdk';

/** What is wrong with a list, in a sentence. */
export function faultInWords({ fault, proven }: LogVerdict): string {
  if (!fault) return 'It adds up.';
  const { sequence, kind } = fault;
  const sentences = {
    missing: `Entry ${sequence} of ${proven.count} is missing.`,
    surplus: `There is an entry ${sequence}, and the chain counts only ${proven.count}.`,
    order: `Entry ${sequence} stands where another one has to.`,
    foreign: `Entry ${sequence} is about somebody else.`,
    edited: 'At least one entry was changed.',
  } as const;
  return sentences[kind];
}

export function findingInWords({ kind, sequence, fields }: LogFinding): string {
  const words = {
    hidden: 'leaves out',
    delayed: 'does not have yet',
    invented: 'makes up',
    edited: 'changes',
    reordered: 'moves',
  } as const;
  return `${words[kind]} entry ${sequence}${fields ? ` (${fields.join(', ')})` : ''}`;
}
