import { type Address, type Hex, parseEventLogs, zeroHash } from 'viem';
import { type ChartkeyClient, read, type Sent, send } from './client.ts';
import { compartmentsFromMask, compartmentsToMask } from './compartments.ts';
import { emergencyAccessAbi as abi } from './generated/index.ts';
import { guardiansOf } from './guardianship.ts';
import { events, readFrom } from './read-events.ts';
import { EMERGENCY_REASONS, type EmergencyReason, wordAt } from './vocabulary.ts';

/** What was found of an emergency; `Contested` is the patient's word, which a manager settles. */
export const EMERGENCY_REVIEWS = ['None', 'Justified', 'Contested', 'Unjustified'] as const;
export type EmergencyReview = (typeof EMERGENCY_REVIEWS)[number];

/** How long an emergency waits for confirmation, in seconds (`REQUEST_WINDOW`). */
export const EMERGENCY_REQUEST_SECONDS = 3_600;
/** How long an emergency stands, in seconds (`EMERGENCY_PERIOD`). */
export const EMERGENCY_SECONDS = 4 * 3_600;
/** How long after it opened its review is due, in seconds (`REVIEW_WINDOW`). */
export const REVIEW_SECONDS = 7 * 86_400;

export type Emergency = {
  /** Its number, from 1. */
  readonly emergencyId: bigint;
  readonly patient: Address;
  /** The clinician who asked, the only one who reads. */
  readonly requester: Address;
  readonly reason: EmergencyReason;
  /** The area whose managers review. */
  readonly area: number;
  /** Unix seconds. */
  readonly requestedAt: number;
  /** Unix seconds; undefined before it was confirmed. */
  readonly openedAt: number | undefined;
  /** Unix seconds: of a standing one when it ends, of an ended one when it did; undefined while it waits. */
  readonly endsAt: number | undefined;
  readonly guardianConfirmations: number;
  /** The first clinician who co-signed. */
  readonly coSigner: Address | undefined;
  /** Where it stood at the newest block: `lapsed` was never confirmed in time, `withdrawn` was taken back. */
  readonly state: 'waiting' | 'standing' | 'ended' | 'lapsed' | 'withdrawn';
  readonly review: EmergencyReview;
  /** Unix seconds; undefined where there is nothing to review. */
  readonly reviewDueAt: number | undefined;
  readonly reviewOverdue: boolean;
};

/** Patient: the compartments that may be opened in an emergency, from this block on; none for never. */
export function setEmergencySet(
  client: ChartkeyClient,
  { compartments }: { readonly compartments: readonly number[] },
): Promise<Sent> {
  const args = [compartmentsToMask(compartments)] as const;
  return send(client, { ...at(client), functionName: 'setEmergencySet', args });
}

/**
 * Clinician: asks for emergency access. It gives nothing until it is confirmed, within an hour.
 *
 * @param messageDigest SHA-256 of a sealed message on storage that says more
 */
export async function requestEmergency(
  client: ChartkeyClient,
  {
    patient,
    reason,
    messageDigest = zeroHash,
  }: { readonly patient: Address; readonly reason: EmergencyReason; readonly messageDigest?: Hex },
): Promise<Sent & { readonly emergencyId: bigint }> {
  const args = [patient, EMERGENCY_REASONS.indexOf(reason), messageDigest] as const;
  const sent = await send(client, { ...at(client), functionName: 'requestEmergency', args });
  const [log] = parseEventLogs({ abi, logs: sent.receipt.logs, eventName: 'EmergencyRequested' });
  return { ...sent, emergencyId: log?.args.emergencyId ?? 0n };
}

type OfEmergency = { readonly emergencyId: bigint };

/** Another clinician: co-signs. The second co-signature opens it. */
export function coSignEmergency(client: ChartkeyClient, { emergencyId }: OfEmergency): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'coSignEmergency', args: [emergencyId] });
}

/** Guardian: confirms. It opens with as many guardians as the patient decided. */
export async function confirmEmergency(client: ChartkeyClient, { emergencyId }: OfEmergency): Promise<Sent> {
  const { patient } = await storedEmergency(client, emergencyId);
  const { guardians } = await guardiansOf(client, { patient });
  return send(client, { ...at(client), functionName: 'confirmEmergency', args: [emergencyId, guardians] });
}

/** Patient, representative or requester: ends it, or withdraws one that waits. */
export function endEmergency(client: ChartkeyClient, { emergencyId }: OfEmergency): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'endEmergency', args: [emergencyId] });
}

/**
 * Patient, representative, or a manager of the requester's area: says whether it was one. A patient who says
 * no contests it, for a manager to settle; a manager who says no suspends the clinician in the same call.
 */
export function reviewEmergency(
  client: ChartkeyClient,
  { emergencyId, justified }: OfEmergency & { readonly justified: boolean },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'reviewEmergency', args: [emergencyId, justified] });
}

/** The compartments that a patient marked for emergencies. */
export async function emergencySetOf(
  client: ChartkeyClient,
  { patient }: { readonly patient: Address },
): Promise<number[]> {
  const mask = await read(() =>
    client.publicClient.readContract({ ...at(client), functionName: 'emergencySetOf', args: [patient] }),
  );
  return compartmentsFromMask(mask);
}

/** An emergency as it stands; undefined for none. */
export async function emergencyOf(
  client: ChartkeyClient,
  { emergencyId }: OfEmergency,
): Promise<Emergency | undefined> {
  const [stored, [review, dueAt, reviewOverdue], { timestamp }] = await Promise.all([
    storedEmergency(client, emergencyId),
    read(() =>
      client.publicClient.readContract({ ...at(client), functionName: 'reviewOf', args: [emergencyId] }),
    ),
    read(() => client.publicClient.getBlock({ blockTag: 'latest' })),
  ]);
  if (stored.requestedAt === 0) return undefined;
  const reason = wordAt(EMERGENCY_REASONS, stored.reason);
  return {
    emergencyId,
    patient: stored.patient,
    requester: stored.requester,
    // The contract takes none without a reason.
    reason: reason === 'None' ? 'CannotAnswer' : reason,
    area: stored.area,
    requestedAt: stored.requestedAt,
    openedAt: stored.openedAt || undefined,
    endsAt: stored.endsAt || undefined,
    guardianConfirmations: stored.guardianConfirmations,
    coSigner: BigInt(stored.coSigner) === 0n ? undefined : stored.coSigner,
    state: stateOf(stored, Number(timestamp)),
    review: wordAt(EMERGENCY_REVIEWS, review),
    reviewDueAt: dueAt || undefined,
    reviewOverdue,
  };
}

/** Of a patient, of a clinician, or all. */
type EmergenciesOf = { readonly patient?: Address | undefined; readonly requester?: Address | undefined };

/** Emergencies as they stood at a block, the newest last. */
export type EmergencyList = { readonly emergencies: readonly Emergency[]; readonly upTo: bigint };

/**
 * Emergencies, the newest last: of a patient, of a clinician, or all, for managers, auditors and colleagues
 * who co-sign.
 */
export async function emergencies(client: ChartkeyClient, of: EmergenciesOf = {}): Promise<Emergency[]> {
  return [...(await emergencyListOf(client, of)).emergencies];
}

/**
 * The same, for whoever follows them: with the list of before, only what came since is looked for, and only
 * what can still change is asked for again.
 */
export async function emergencyListOf(
  client: ChartkeyClient,
  { since, ...of }: EmergenciesOf & { readonly since?: EmergencyList | undefined },
): Promise<EmergencyList> {
  const upTo = await read(() => client.publicClient.getBlockNumber({ cacheTime: 0 }));
  const query = { ...at(client), eventName: 'EmergencyRequested', args: of } as const;
  const logs = await events(client, query, upTo, readFrom(client, since));
  const known = new Map(since?.emergencies.map((emergency) => [emergency.emergencyId, emergency]));
  const ids = new Set([...known.keys(), ...logs.map(({ args }) => args.emergencyId)]);
  const found = await Promise.all(
    [...ids].map((emergencyId) => {
      const before = known.get(emergencyId);
      return before && isSettled(before) ? before : emergencyOf(client, { emergencyId });
    }),
  );
  return { emergencies: found.filter((emergency) => emergency !== undefined), upTo };
}

/** Whether nothing more can happen to it. */
function isSettled({ state, review }: Emergency): boolean {
  if (state === 'ended') return review === 'Justified' || review === 'Unjustified';
  return state === 'lapsed' || state === 'withdrawn';
}

/**
 * What a clinician may open of a patient's in the emergency that stands: what was marked when it opened and
 * still is. Undefined if none stands. `decide` has the last word, on each record.
 */
export async function standingEmergencyOf(
  client: ChartkeyClient,
  { patient, requester }: { readonly patient: Address; readonly requester: Address },
): Promise<{ readonly compartments: number[]; readonly endsAt: number } | undefined> {
  const args = [patient, requester] as const;
  const [[mask, endsAt], { timestamp }] = await Promise.all([
    read(() => client.publicClient.readContract({ ...at(client), functionName: 'standingOf', args })),
    read(() => client.publicClient.getBlock({ blockTag: 'latest' })),
  ]);
  return timestamp < BigInt(endsAt) ? { compartments: compartmentsFromMask(mask), endsAt } : undefined;
}

/** Who confirmed an emergency, in order, as guardian or as clinician. */
export async function confirmationsOf(
  client: ChartkeyClient,
  { emergencyId }: OfEmergency,
): Promise<{ readonly confirmer: Address; readonly asGuardian: boolean }[]> {
  const logs = await events(client, {
    ...at(client),
    eventName: 'EmergencyConfirmed',
    args: { emergencyId },
  });
  return logs.map(({ args: { confirmer, asGuardian } }) => ({ confirmer, asGuardian }));
}

type Stored = { readonly requestedAt: number; readonly openedAt: number; readonly endsAt: number };

function stateOf({ requestedAt, openedAt, endsAt }: Stored, now: number): Emergency['state'] {
  if (openedAt !== 0) return now < endsAt ? 'standing' : 'ended';
  if (endsAt !== 0) return 'withdrawn';
  return now < requestedAt + EMERGENCY_REQUEST_SECONDS ? 'waiting' : 'lapsed';
}

function storedEmergency(client: ChartkeyClient, emergencyId: bigint) {
  return read(() =>
    client.publicClient.readContract({ ...at(client), functionName: 'emergencyOf', args: [emergencyId] }),
  );
}

function at(client: ChartkeyClient) {
  return { address: client.deployment.emergencies, abi } as const;
}
