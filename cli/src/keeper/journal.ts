import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ChartkeyError, type JournalHead, journalStart, verifyJournal } from '@chartkey/sdk';
import type { Hex } from 'viem';
import { deploymentFor } from '../access.ts';
import { type Command, UsageError } from '../command.ts';
import { readText } from '../files.ts';
import { addressFrom } from '../inputs.ts';
import { CHAIN_OPTIONS } from '../settings.ts';

export const journal: Command = {
  name: 'keeper journal',
  says: 'Checks that a keeper’s journal of releases is whole, in order and unedited',
  positionals: 'FILE',
  options: {
    operator: { value: 'ADDRESS', says: 'whose journal it is', needed: true },
    config: CHAIN_OPTIONS.config,
    addresses: CHAIN_OPTIONS.addresses,
    published: {
      value: 'N:0xHEAD',
      says: 'a head that was published (GET /v1/journal); may be repeated',
      multiple: true,
    },
  },
  examples: ['keeper journal keeper.jsonl --operator 0x… --published 120:0x…'],
  run: async (given) => {
    const [path] = given.positionals;
    if (path === undefined) throw new UsageError('The journal’s file must be given');
    const { chainId, records: recordIndex } = await deploymentFor(given);
    const operator = addressFrom(given.needed('operator'), '--operator');
    const published = given.list('published').map(headFrom);
    const start = journalStart({ chainId, recordIndex, operator });
    // A missing file is told before it is read as an empty one.
    if ((await readText(path, 'FILE')) === '') return told(start, published.length);
    const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
    return told(await verifyJournal(lines, { start, published }), published.length);
  },
};

function told(head: JournalHead, compared: number) {
  return {
    json: { ...head, compared },
    lines: [
      `${head.sequence} releases, unbroken; ${compared} published heads are in it.`,
      `Head ${head.sequence}:${head.head}`,
    ],
  };
}

function headFrom(text: string): JournalHead {
  const [, sequence, head] = /^(\d{1,15}):(0x[0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence !== undefined && head !== undefined) return { sequence: Number(sequence), head: head as Hex };
  throw new ChartkeyError('INPUT_INVALID', '--published: must be a number, a colon and a head.');
}
