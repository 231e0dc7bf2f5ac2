import { ethers, ProviderStatus, RecordStatus, type World } from './chartkey.ts';

/** What an indexer that never reads storage knows. */
export interface Replayed {
  readonly patients: Map<string, { area: bigint; pid: string; publicKeyHash: string }>;
  readonly providers: Map<
    string,
    { status: bigint; role: bigint; area: bigint; organisation: string; expiresAt: bigint; vouched: boolean }
  >;
  readonly records: Map<
    string,
    {
      patient: string;
      author: string;
      status: bigint;
      compartment: bigint;
      previous: string;
      next: string;
      envelopeDigest: string;
    }
  >;
  /** By `<patient> <accessor>`. */
  readonly consents: Map<
    string,
    { compartments: bigint; purposes: bigint; startsAt: bigint; expiresAt: bigint; mayWrite: boolean }
  >;
  /** How often a patient revoked all. */
  readonly epochs: Map<string, bigint>;
  /** `<recordId> <accessor>`. */
  readonly restrictions: Set<string>;
}

function known<K, V>(map: Map<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error('An event speaks of something that no event before it made.');
  return value;
}

/** Rebuilds the state of participants, consents and records from their events alone, in order. */
export async function replay(w: World): Promise<Replayed> {
  const state: Replayed = {
    patients: new Map(),
    providers: new Map(),
    records: new Map(),
    consents: new Map(),
    epochs: new Map(),
    restrictions: new Set(),
  };

  for (const log of await ethers.provider.getLogs({
    fromBlock: 0,
    address: await w.participants.getAddress(),
  })) {
    const event = w.participants.interface.parseLog(log);
    const a = event?.args;
    switch (event?.name) {
      case 'PatientRegistered':
        state.patients.set(a?.patient, {
          area: a?.area,
          pid: a?.pid,
          publicKeyHash: a?.publicKeyHash,
        });
        break;
      case 'PublicKeyChanged':
        known(state.patients, a?.patient).publicKeyHash = a?.publicKeyHash;
        break;
      case 'ProviderRegistered':
        state.providers.set(a?.provider, {
          status: ProviderStatus.Applied,
          role: a?.application.role,
          area: a?.area,
          organisation: a?.application.organisation,
          expiresAt: 0n,
          vouched: false,
        });
        break;
      case 'MemberVouched':
        known(state.providers, a?.member).vouched = true;
        break;
      case 'MemberDropped':
        known(state.providers, a?.member).vouched = false;
        break;
      case 'EIP712DomainChanged':
        break;
      case 'ProviderVerified':
        state.providers.set(a?.provider, {
          status: ProviderStatus.Verified,
          role: a?.application.role,
          area: a?.area,
          organisation: a?.application.organisation,
          expiresAt: a?.expiresAt,
          vouched: false,
        });
        break;
      case 'ProviderRenewed':
        Object.assign(known(state.providers, a?.provider), {
          status: ProviderStatus.Verified,
          expiresAt: a?.expiresAt,
        });
        break;
      case 'ProviderSuspended':
        known(state.providers, a?.provider).status = ProviderStatus.Suspended;
        break;
      case 'ProviderReinstated':
        known(state.providers, a?.provider).status = ProviderStatus.Verified;
        break;
      default:
        throw new Error(`An event of the participants that nobody follows: ${event?.name}`);
    }
  }

  for (const log of await ethers.provider.getLogs({ fromBlock: 0, address: await w.records.getAddress() })) {
    const event = w.records.interface.parseLog(log);
    const a = event?.args;
    switch (event?.name) {
      case 'RecordAdded':
      case 'RecordSubmitted':
        state.records.set(a?.recordId, {
          patient: a?.patient,
          author: a?.author,
          status: event.name === 'RecordAdded' ? RecordStatus.Active : RecordStatus.Pending,
          compartment: event.name === 'RecordAdded' ? a?.compartment : 0n,
          previous: ethers.ZeroHash,
          next: ethers.ZeroHash,
          envelopeDigest: a?.recordId,
        });
        break;
      case 'RecordAccepted':
        Object.assign(known(state.records, a?.recordId), {
          status: RecordStatus.Active,
          compartment: a?.compartment,
        });
        break;
      case 'RecordRejected':
        known(state.records, a?.recordId).status = RecordStatus.Rejected;
        break;
      case 'RecordSuperseded':
        known(state.records, a?.previous).next = a?.recordId;
        known(state.records, a?.recordId).previous = a?.previous;
        break;
      case 'RecordMoved':
        known(state.records, a?.recordId).compartment = a?.compartment;
        break;
      case 'RecordRewrapped':
        known(state.records, a?.recordId).envelopeDigest = a?.envelopeDigest;
        break;
      case 'RecordRetired':
        known(state.records, a?.recordId).status = RecordStatus.Retired;
        break;
      default:
        throw new Error(`An event of the records that nobody follows: ${event?.name}`);
    }
  }

  for (const log of await ethers.provider.getLogs({ fromBlock: 0, address: await w.consents.getAddress() })) {
    const event = w.consents.interface.parseLog(log);
    const a = event?.args;
    switch (event?.name) {
      case 'ConsentGranted':
      case 'ConsentAmended':
        state.consents.set(`${a?.patient} ${a?.accessor}`, a?.consent.toObject());
        break;
      case 'ConsentRevoked':
        state.consents.delete(`${a?.patient} ${a?.accessor}`);
        break;
      case 'AllConsentsRevoked':
        for (const key of [...state.consents.keys()]) {
          if (key.startsWith(a?.patient)) state.consents.delete(key);
        }
        state.epochs.set(a?.patient, a?.epoch);
        break;
      case 'RecordRestricted':
        state.restrictions.add(`${a?.recordId} ${a?.accessor}`);
        break;
      case 'RestrictionLifted':
        state.restrictions.delete(`${a?.recordId} ${a?.accessor}`);
        break;
      case 'ConsentRequested':
      case 'RequestDeclined':
        break;
      default:
        throw new Error(`An event of the consents that nobody follows: ${event?.name}`);
    }
  }
  return state;
}

/**
 * Recomputes every patient's head from the log's events alone, in the order they are given: the formula of
 * `IAccessLog`. `edit` is what a dishonest indexer would do to the list.
 */
export async function replayHeads<T>(
  log: World['log'],
  edit: (entries: T[]) => unknown[] = (entries) => entries,
): Promise<Map<string, { head: string; count: bigint }>> {
  const heads = new Map<string, { head: string; count: bigint }>();
  const logs = await ethers.provider.getLogs({ fromBlock: 0, address: await log.getAddress() });
  for (const entry of edit(logs as T[]) as typeof logs) {
    const event = log.interface.parseLog(entry);
    const a = event?.args;
    const last = heads.get(a?.patient) ?? { head: `0x${'00'.repeat(28)}`, count: 0n };
    // RecordOpened carries an opening's place where OpenRefused carries the reason.
    const decision = event?.name === 'RecordOpened' ? 1n : a?.decision;
    const hash = ethers.solidityPackedKeccak256(
      ['bytes28', 'uint32', 'bytes32', 'address', 'uint8', 'uint8', 'uint48', 'bytes32'],
      [last.head, a?.sequence, a?.recordId, a?.accessor, a?.purpose, decision, a?.openedAt, a?.keyHash],
    );
    heads.set(a?.patient, { head: ethers.dataSlice(hash, 0, 28), count: last.count + 1n });
  }
  return heads;
}
