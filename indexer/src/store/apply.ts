import { PROVIDER_STATUSES, RECORD_STATUSES } from '@chartkey/sdk';
import type { Kysely } from 'kysely';
import type { ChartEvent } from '../chain/events.ts';
import type { Tables } from './tables.ts';

/*
 * What an event changes in what stands now. Everything an event changes belongs to its subject, so
 * that the state of one subject can be made again from its history alone.
 */

type Change<name extends ChartEvent['eventName']> = (
  db: Kysely<Tables>,
  args: Extract<ChartEvent, { eventName: name }>['args'],
  position: number,
) => Promise<unknown>;

type Changes = { readonly [name in ChartEvent['eventName']]?: Change<name> };

const CHANGES: Changes = {
  PatientRegistered: (db, { patient, area, pid, publicKeyHash }, position) =>
    db
      .insertInto('patients')
      .values({ patient: low(patient), area, pid, public_key_hash: publicKeyHash, position })
      .execute(),
  PublicKeyChanged: (db, { patient, publicKeyHash }) =>
    db
      .updateTable('patients')
      .set({ public_key_hash: publicKeyHash })
      .where('patient', '=', low(patient))
      .execute(),
  ProviderRegistered: (db, { provider, application }, position) =>
    putProvider(db, { provider, application, status: 'Applied', expiresAt: 0, position }),
  ProviderVerified: (db, { provider, application, expiresAt }, position) =>
    putProvider(db, { provider, application, status: 'Verified', expiresAt, position }),
  ProviderRenewed: (db, { provider, expiresAt }) => setProvider(db, provider, { expires_at: expiresAt }),
  ProviderSuspended: (db, { provider }) => setProvider(db, provider, { status: statusNumber('Suspended') }),
  ProviderReinstated: (db, { provider }) => setProvider(db, provider, { status: statusNumber('Verified') }),
  MemberVouched: (db, { member }) => setProvider(db, member, { vouched: 1 }),
  MemberDropped: (db, { member }) => setProvider(db, member, { vouched: 0 }),

  ConsentRequested: (db, args, position) => {
    const row = {
      patient: low(args.patient),
      accessor: low(args.accessor),
      state: 'pending' as const,
      compartments: String(args.compartments),
      purposes: args.purposes,
      expires_at: args.expiresAt,
      message_digest: args.messageDigest,
      position,
    };
    return db
      .insertInto('requests')
      .values(row)
      .onConflict((conflict) => conflict.columns(['patient', 'accessor']).doUpdateSet(row))
      .execute();
  },
  RequestDeclined: (db, { patient, accessor }) => answerRequest(db, patient, accessor, 'declined'),
  ConsentGranted: async (db, { patient, accessor, consent }, position) => {
    await answerRequest(db, patient, accessor, 'granted');
    await putConsent(db, patient, accessor, consent, position);
  },
  ConsentAmended: async (db, { patient, accessor, consent }, position) => {
    await answerRequest(db, patient, accessor, 'granted');
    await putConsent(db, patient, accessor, consent, position);
  },
  ConsentRevoked: (db, { patient, accessor }) =>
    db
      .updateTable('consents')
      .set({ state: 'revoked' })
      .where('patient', '=', low(patient))
      .where('accessor', '=', low(accessor))
      .execute(),
  AllConsentsRevoked: (db, { patient }) =>
    db.updateTable('consents').set({ state: 'revoked' }).where('patient', '=', low(patient)).execute(),

  RecordAdded: (db, { recordId, patient, author, compartment }, position) =>
    putRecord(db, { recordId, patient, author, compartment, status: 'Active', position }),
  RecordSubmitted: (db, { recordId, patient, author }, position) =>
    putRecord(db, { recordId, patient, author, compartment: 0, status: 'Pending', position }),
  RecordAccepted: (db, { recordId, compartment }) =>
    setRecord(db, recordId, { compartment, status: recordStatus('Active') }),
  RecordRejected: (db, { recordId }) => setRecord(db, recordId, { status: recordStatus('Rejected') }),
  RecordSuperseded: (db, { previous }) => setRecord(db, previous, { superseded: 1 }),
  RecordRewrapped: (db, { recordId, envelopeDigest }) =>
    setRecord(db, recordId, { envelope_digest: envelopeDigest }),
  RecordMoved: (db, { recordId, compartment }) => setRecord(db, recordId, { compartment }),
  RecordRetired: (db, { recordId }) => setRecord(db, recordId, { status: recordStatus('Retired') }),
};

/** Brings what stands now up to an event. Events come in order. */
export async function applyEvent(db: Kysely<Tables>, event: ChartEvent, position: number): Promise<void> {
  // The map is typed by name; the compiler does not follow a union of names through it.
  const change = CHANGES[event.eventName] as Change<ChartEvent['eventName']> | undefined;
  await change?.(db, event.args as never, position);
}

type ProviderPut = {
  readonly provider: string;
  readonly application: {
    readonly role: number;
    readonly area: number;
    readonly organisation: string;
    readonly credentialHash: string;
  };
  readonly status: (typeof PROVIDER_STATUSES)[number];
  readonly expiresAt: number;
  readonly position: number;
};

/** An application ends whatever stood before, membership included: see `ParticipantRegistry`. */
function putProvider(
  db: Kysely<Tables>,
  { provider, application, status, expiresAt, position }: ProviderPut,
) {
  const row = {
    provider: low(provider),
    area: application.area,
    role: application.role,
    organisation: low(application.organisation),
    credential_hash: application.credentialHash,
    status: statusNumber(status),
    expires_at: expiresAt,
    vouched: 0,
    position,
  };
  const { provider: _key, position: _first, ...changed } = row;
  return db
    .insertInto('providers')
    .values(row)
    .onConflict((conflict) => conflict.column('provider').doUpdateSet(changed))
    .execute();
}

function setProvider(
  db: Kysely<Tables>,
  provider: string,
  changed: Partial<Pick<Tables['providers'], 'status' | 'vouched' | 'expires_at'>>,
) {
  return db.updateTable('providers').set(changed).where('provider', '=', low(provider)).execute();
}

function answerRequest(
  db: Kysely<Tables>,
  patient: string,
  accessor: string,
  state: Tables['requests']['state'],
) {
  return db
    .updateTable('requests')
    .set({ state })
    .where('patient', '=', low(patient))
    .where('accessor', '=', low(accessor))
    .execute();
}

type GivenConsent = {
  readonly compartments: bigint;
  readonly purposes: number;
  readonly startsAt: number;
  readonly expiresAt: number;
  readonly mayWrite: boolean;
};

function putConsent(
  db: Kysely<Tables>,
  patient: string,
  accessor: string,
  consent: GivenConsent,
  position: number,
) {
  const row = {
    patient: low(patient),
    accessor: low(accessor),
    state: 'standing' as const,
    compartments: String(consent.compartments),
    purposes: consent.purposes,
    starts_at: consent.startsAt,
    expires_at: consent.expiresAt,
    may_write: Number(consent.mayWrite),
    position,
  };
  return db
    .insertInto('consents')
    .values(row)
    .onConflict((conflict) => conflict.columns(['patient', 'accessor']).doUpdateSet(row))
    .execute();
}

type RecordPut = {
  readonly recordId: string;
  readonly patient: string;
  readonly author: string;
  readonly compartment: number;
  readonly status: (typeof RECORD_STATUSES)[number];
  readonly position: number;
};

function putRecord(db: Kysely<Tables>, { recordId, patient, author, status, ...rest }: RecordPut) {
  return db
    .insertInto('records')
    .values({
      ...rest,
      record_id: recordId,
      patient: low(patient),
      author: low(author),
      status: recordStatus(status),
      superseded: 0,
      // The id is the digest of the first envelope.
      envelope_digest: recordId,
    })
    .execute();
}

function setRecord(
  db: Kysely<Tables>,
  recordId: string,
  changed: Partial<Pick<Tables['records'], 'status' | 'compartment' | 'superseded' | 'envelope_digest'>>,
) {
  return db.updateTable('records').set(changed).where('record_id', '=', recordId).execute();
}

function statusNumber(status: (typeof PROVIDER_STATUSES)[number]): number {
  return PROVIDER_STATUSES.indexOf(status);
}

function recordStatus(status: (typeof RECORD_STATUSES)[number]): number {
  return RECORD_STATUSES.indexOf(status);
}

function low(text: string): string {
  return text.toLowerCase();
}
