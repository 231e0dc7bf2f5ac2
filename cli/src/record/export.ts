import { exportAge, type SealAgeTo } from '@chartkey/sdk';
import { type Command, type Given, only } from '../command.ts';
import { recordIdFrom } from '../inputs.ts';
import { secretFrom } from '../secrets.ts';
import { deliver, OUT_OPTION, requireOut } from './open.ts';
import { OPENING_OPTIONS, openOne } from './opening.ts';

export const AGE_PASSPHRASE_OPTION = {
  'age-passphrase-file': {
    value: 'FILE',
    says: 'the .age file’s passphrase, mode 0600 (else CHARTKEY_AGE_PASSPHRASE, else asked)',
  },
} as const;

export const exportRecord: Command = {
  name: 'record export',
  says: 'Opens a record and writes it as an .age file, which opens without us',
  positionals: 'RECORD',
  options: {
    recipient: {
      value: 'AGE1…',
      says: 'whom it opens for, instead of a passphrase; may be repeated',
      multiple: true,
    },
    ...AGE_PASSPHRASE_OPTION,
    ...OUT_OPTION,
    ...OPENING_OPTIONS,
  },
  more: 'Whoever has the passphrase or the identity reads the file for ever: no consent, log or keeper is involved any more.',
  examples: ['record export 0x… --recipient age1… --out report.age', 'record export 0x… > report.age'],
  run: async (given) => {
    requireOut(given);
    const recordId = recordIdFrom(only(given, 'RECORD'), 'RECORD');
    const to = await sealTo(given);
    const record = await openOne(given, recordId);
    return deliver(given, { recordId }, exportAge(record.content(), to));
  },
};

async function sealTo(given: Given): Promise<SealAgeTo> {
  const recipients = given.list('recipient');
  if (recipients.length > 0) return { recipients };
  return { passphrase: await agePassphrase(given, { fresh: true }) };
}

export function agePassphrase(given: Given, { fresh }: { readonly fresh: boolean }): Promise<string> {
  return secretFrom({
    name: 'The .age file’s passphrase',
    option: 'age-passphrase-file',
    file: given.text('age-passphrase-file'),
    variable: 'CHARTKEY_AGE_PASSPHRASE',
    fresh,
  });
}
