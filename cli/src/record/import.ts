import { basename } from 'node:path';
import {
  addRecords,
  type ChartkeyClient,
  type ImportableRecord,
  type ImportFile,
  importOpensWith,
  importRecords,
  inspectImport,
  type OpenAgeWith,
  type RecordId,
} from '@chartkey/sdk';
import { NETWORK, signerFor, uploadTo } from '../access.ts';
import { type Command, type Given, only, UsageError } from '../command.ts';
import { fileBlob, readSecret } from '../files.ts';
import { compartmentFrom } from '../inputs.ts';
import type { Listing } from '../output.ts';
import { progress } from '../progress.ts';
import { CHAIN_OPTIONS, STORAGE_OPTIONS, WALLET_OPTIONS } from '../settings.ts';
import { AGE_PASSPHRASE_OPTION, agePassphrase } from './export.ts';
import { chartFor, PATIENT_OPTION } from './whose.ts';

type Imported = { readonly recordId: RecordId; readonly compartment: number; readonly bytes: number };

export const importFile: Command = {
  name: 'record import',
  says: 'Seals what an exported chart or an .age file holds as new records of a chart',
  positionals: 'FILE',
  options: {
    ...PATIENT_OPTION,
    compartment: { value: 'N', says: 'the part of the chart, 0 to 63 (default: as in the file)' },
    'age-identity-file': {
      value: 'FILE',
      says: 'what opens an .age file that was sealed to a recipient, mode 0600',
    },
    ...AGE_PASSPHRASE_OPTION,
    ...CHAIN_OPTIONS,
    ...STORAGE_OPTIONS,
    ...WALLET_OPTIONS,
  },
  more: 'The file is read to its end and checked before anything is sealed. What was printed is on the chain.',
  lists: true,
  examples: ['record import chart-2026-11-21.tar.age', 'record import report.age --compartment 3 --json'],
  run: async (given) => {
    const path = only(given, 'FILE');
    const blob = await fileBlob(path, 'FILE');
    const file = { file: blob, name: basename(path), opening: await openingFor(given, blob) };
    const { records } = await inspectImport(file);
    const client = await signerFor(given);
    const listing: Listing<Imported> = {
      items: imported(given, { client, file, records }),
      columns: ['record', 'compartment', 'bytes'],
      row: ({ recordId, compartment, bytes }) => [recordId, String(compartment), String(bytes)],
      empty: 'No record is in this file.',
    };
    return listing;
  },
};

async function openingFor(given: Given, blob: Blob): Promise<OpenAgeWith | undefined> {
  const opensWith = await importOpensWith(blob);
  if (opensWith === 'plain') return undefined;
  if (opensWith === 'passphrase') return { passphrase: await agePassphrase(given, { fresh: false }) };
  const identityFile = given.text('age-identity-file');
  if (identityFile === undefined) throw new UsageError('--age-identity-file must be given for this file');
  return { identity: await readSecret(identityFile, 'age-identity-file') };
}

type Job = {
  readonly client: ChartkeyClient;
  readonly file: ImportFile;
  readonly records: readonly ImportableRecord[];
};

async function* imported(given: Given, { client, file, records }: Job): AsyncGenerator<Imported> {
  const { patient, author } = await chartFor(given, client);
  const storage = await uploadTo(given, client);
  const asked = given.text('compartment');
  const compartmentOf = (record: ImportableRecord) =>
    asked === undefined ? record.compartment : compartmentFrom(asked, '--compartment');
  const { say, end } = progress();
  let done = 0;
  const to = { ...file, records, storage, network: NETWORK, patient, author };
  for await (const { record, recordId } of importRecords(client, to)) {
    const compartment = compartmentOf(record);
    await addRecords(client, { patient, records: [{ recordId, compartment }] });
    done += 1;
    say(`${done} of ${records.length} records`);
    yield { recordId, compartment, bytes: record.metadata.length };
  }
  end();
}
