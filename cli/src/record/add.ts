import { basename } from 'node:path';
import {
  addRecords,
  type ChartkeyClient,
  describeFile,
  type RecordId,
  type StorageClient,
  sealRecord,
  submitRecord,
} from '@chartkey/sdk';
import type { Address } from 'viem';
import { NETWORK, signerFor, uploadTo } from '../access.ts';
import { type Command, UsageError } from '../command.ts';
import { fileBlob } from '../files.ts';
import { compartmentFrom } from '../inputs.ts';
import type { Listing } from '../output.ts';
import { type Progress, progress } from '../progress.ts';
import { CHAIN_OPTIONS, STORAGE_OPTIONS, WALLET_OPTIONS } from '../settings.ts';
import { chartFor, PATIENT_OPTION } from './whose.ts';

/** Sealed before they go on the chain together: what broke off before that is not there. */
const RECORDS_AT_ONCE = 20;

export type AddedRecord = { readonly file: string; readonly bytes: number; readonly recordId: RecordId };

export const add: Command = {
  name: 'record add',
  says: 'Encrypts files here, stores them, and adds them to a chart',
  positionals: 'FILE…',
  options: {
    ...PATIENT_OPTION,
    compartment: { value: 'N', says: 'the part of the chart, 0 to 63 (default: 0)' },
    submit: { says: 'as a provider without mayWrite: the patient has yet to accept' },
    ...CHAIN_OPTIONS,
    ...STORAGE_OPTIONS,
    ...WALLET_OPTIONS,
  },
  more: 'The file’s name is sealed with it as its title. What was printed is on the chain; after a failure, run it with the rest.',
  lists: true,
  examples: [
    'record add report.pdf scan.dcm --compartment 3',
    'record add letter.pdf --patient 0x… --submit --json',
  ],
  run: async (given) => {
    const paths = given.positionals;
    if (paths.length === 0) throw new UsageError('FILE must be given');
    const compartment = compartmentFrom(given.text('compartment') ?? '0', '--compartment');
    const files = await Promise.all(
      paths.map(async (path, at) => ({ path, blob: await fileBlob(path, `FILE ${at + 1}`) })),
    );
    const client = await signerFor(given);
    const chart = await chartFor(given, client);
    const storage = await uploadTo(given, client);
    const job = { ...chart, client, storage, compartment, submits: given.on('submit'), progress: progress() };
    const listing: Listing<AddedRecord> = {
      items: added(job, files),
      columns: ['record', 'bytes', 'file'],
      row: ({ recordId, bytes, file }) => [recordId, String(bytes), file],
      empty: '',
    };
    return listing;
  },
};

type Job = {
  readonly client: ChartkeyClient;
  readonly storage: StorageClient;
  readonly patient: Address;
  readonly author: Address;
  readonly compartment: number;
  readonly submits: boolean;
  readonly progress: Progress;
};

type File = { readonly path: string; readonly blob: Blob };

async function* added(job: Job, files: readonly File[]): AsyncGenerator<AddedRecord> {
  const atOnce = job.submits ? 1 : RECORDS_AT_ONCE;
  for (let at = 0; at < files.length; at += atOnce) {
    const sealed: AddedRecord[] = [];
    for (const [i, file] of files.slice(at, at + atOnce).entries()) {
      sealed.push(await seal(job, file, `${at + i + 1} of ${files.length} files`));
    }
    await index(job, sealed);
    job.progress.end();
    yield* sealed;
  }
}

async function seal(job: Job, { path, blob }: File, which: string): Promise<AddedRecord> {
  const { client, storage, patient, author } = job;
  const { recordId } = await sealRecord(client, {
    ...{ storage, patient, author, network: NETWORK, source: blob },
    metadata: await describeFile(blob, basename(path)),
    onProgress: ({ stage, done, total }) =>
      job.progress.say(`${which}: ${stage}${stage === 'sealing' ? ` ${percentOf(done, total)}` : ''}`),
  });
  return { file: path, bytes: blob.size, recordId };
}

async function index({ client, patient, compartment, submits }: Job, sealed: readonly AddedRecord[]) {
  if (!submits) {
    const records = sealed.map(({ recordId }) => ({ recordId, compartment }));
    await addRecords(client, { patient, records });
    return;
  }
  for (const { recordId } of sealed) await submitRecord(client, { recordId, patient });
}

function percentOf(done: number, total: number): string {
  return total === 0 ? '' : `${Math.floor((done / total) * 100)} %`;
}
