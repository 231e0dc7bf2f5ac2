import { type Command, type Given, only, UsageError } from '../command.ts';
import { writePieces } from '../files.ts';
import { recordIdFrom } from '../inputs.ts';
import { print, type Result } from '../output.ts';
import { OPENING_OPTIONS, openOne } from './opening.ts';

export const OUT_OPTION = {
  out: { value: 'FILE', says: 'a new file instead of stdout; there once it is whole' },
} as const;

export const open: Command = {
  name: 'record open',
  says: 'Opens a record and writes its content to stdout',
  positionals: 'RECORD',
  options: { ...OUT_OPTION, ...OPENING_OPTIONS },
  more: [
    'Whoever is not the patient leaves an entry on the patient’s log first, permitted or refused.',
    'What came through stdout counts only once the exit code is 0: a cut end shows at the end.',
    'Exit code 3: refused, with the decision in front: ConsentMissing, AccessorSuspended, …',
  ].join('\n'),
  examples: [
    'record open 0x… --purpose TREAT > report.pdf',
    'record open 0x… --purpose TREAT --out report.pdf --json',
  ],
  run: async (given) => {
    requireOut(given);
    const recordId = recordIdFrom(only(given, 'RECORD'), 'RECORD');
    const record = await openOne(given, recordId);
    return deliver(given, { recordId, ...record.metadata }, record.content());
  },
};

/** @throws UsageError: JSON and content can't share stdout */
export function requireOut(given: Given): void {
  if (given.on('json') && given.text('out') === undefined) throw new UsageError('--json needs --out');
}

/** Content to stdout or into a file; about it only in the second case. */
export async function deliver(
  given: Given,
  about: Readonly<Record<string, unknown>>,
  content: AsyncIterable<Uint8Array>,
): Promise<Result> {
  const out = given.text('out');
  if (out === undefined) {
    for await (const piece of content) await print(piece);
    return { json: null, lines: [] };
  }
  const bytes = await writePieces(out, content);
  return { json: { ...about, out, bytes }, lines: [`${bytes} bytes are in ${out}.`] };
}
