import { ChartkeyError, type IndexedRecord, patientOf, RECORD_STATUSES, recordsOf } from '@chartkey/sdk';
import type { Address } from 'viem';
import { ownAddress, readerFor } from '../access.ts';
import type { Command, Given } from '../command.ts';
import { addressFrom, oneOf } from '../inputs.ts';
import type { Listing } from '../output.ts';
import { CHAIN_OPTIONS, WALLET_OPTIONS } from '../settings.ts';
import { PATIENT_OPTION } from './whose.ts';

const STATUSES = RECORD_STATUSES.filter((status) => status !== 'None');

export const list: Command = {
  name: 'record list',
  says: 'Lists a patient’s records as they stand on the chain; what is in them is sealed',
  options: {
    ...PATIENT_OPTION,
    status: { value: 'STATUS', says: STATUSES.join(', '), choices: STATUSES },
    ...CHAIN_OPTIONS,
    'wallet-file': WALLET_OPTIONS['wallet-file'],
  },
  lists: true,
  examples: ['record list --status active', 'record list --patient 0x… --ndjson'],
  run: async (given) => {
    const asked = given.text('status');
    const status = asked === undefined ? undefined : oneOf(STATUSES, asked, '--status');
    const client = await readerFor(given);
    const named = given.text('patient');
    const patient = named === undefined ? await ownPatientOf(given, client) : addressFrom(named, '--patient');
    const records = await recordsOf(client, { patient });
    const listing: Listing<IndexedRecord> = {
      items: records.filter((record) => status === undefined || record.status === status),
      columns: ['record', 'status', 'compartment', 'author'],
      row: (record) => [
        record.recordId,
        record.superseded ? `${record.status}, superseded` : record.status,
        String(record.compartment),
        record.author,
      ],
      empty: 'No record.',
    };
    return listing;
  },
};

/** The wallet's own patient, without its passphrase. */
async function ownPatientOf(given: Given, client: Awaited<ReturnType<typeof readerFor>>): Promise<Address> {
  const wallet = await ownAddress(given);
  const patient = wallet && (await patientOf(client, { wallet }));
  if (patient !== undefined) return patient;
  throw new ChartkeyError('INPUT_INVALID', '--patient: none was given, and the wallet is no patient’s.');
}
