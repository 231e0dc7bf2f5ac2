import type { Address, Hex } from 'viem';
import type { RecordId } from '../envelope/index.ts';
import { type PurposeOfUse, purposesFromMask, purposesToMask, purposeToNumber } from '../hl7/index.ts';
import { type ChartkeyClient, read, type Sent, send } from './client.ts';
import { compartmentsFromMask, compartmentsToMask } from './compartments.ts';
import { type Decision, decisionAt } from './decisions.ts';
import { consentRegistryAbi as abi } from './generated/index.ts';

/** What, why, and how long. */
export type Scope = {
  /** Compartment numbers, 0 to 63. */
  readonly compartments: readonly number[];
  readonly purposes: readonly PurposeOfUse[];
  /** Unix seconds. */
  readonly expiresAt: number;
};

export type Consent = Scope & {
  /** Unix seconds; 0 for "at once". */
  readonly startsAt: number;
  /** Whether the accessor may also add records to these compartments. */
  readonly mayWrite: boolean;
};

const NO_MESSAGE = `0x${'00'.repeat(32)}` as const;

/** Asks a patient for consent. Gives nothing. */
export function requestConsent(
  client: ChartkeyClient,
  {
    patient,
    compartments,
    purposes,
    expiresAt,
    messageDigest,
  }: Scope & { readonly patient: Address; readonly messageDigest?: Hex },
): Promise<Sent> {
  const args = [
    patient,
    compartmentsToMask(compartments),
    purposesToMask(purposes),
    expiresAt,
    messageDigest ?? NO_MESSAGE,
  ] as const;
  return send(client, { ...at(client), functionName: 'requestConsent', args });
}

/** Patient: declines what an accessor asked for. */
export function declineRequest(
  client: ChartkeyClient,
  { accessor }: { readonly accessor: Address },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'declineRequest', args: [accessor] });
}

/** Patient: gives consent. */
export function grantConsent(
  client: ChartkeyClient,
  { accessor, consent }: { readonly accessor: Address; readonly consent: Consent },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'grantConsent', args: [accessor, toChain(consent)] });
}

/** Patient: replaces a standing consent. */
export function amendConsent(
  client: ChartkeyClient,
  { accessor, consent }: { readonly accessor: Address; readonly consent: Consent },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'amendConsent', args: [accessor, toChain(consent)] });
}

/** Patient: from this block on the accessor opens nothing more. What was read already can't be taken back. */
export function revokeConsent(
  client: ChartkeyClient,
  { accessor }: { readonly accessor: Address },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'revokeConsent', args: [accessor] });
}

/** Patient: ends all consents at once, at the same cost however many there are. */
export function revokeAll(client: ChartkeyClient): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'revokeAll', args: [] });
}

/** Patient: keeps one record from an accessor (all, without one), whatever the consent says. */
export function restrictRecord(
  client: ChartkeyClient,
  { recordId, accessor }: { readonly recordId: RecordId; readonly accessor?: Address },
): Promise<Sent> {
  return send(client, {
    ...at(client),
    functionName: 'restrictRecord',
    args: [recordId, accessor ?? EVERYBODY],
  });
}

/** Patient: lifts such a restriction. */
export function liftRestriction(
  client: ChartkeyClient,
  { recordId, accessor }: { readonly recordId: RecordId; readonly accessor?: Address },
): Promise<Sent> {
  return send(client, {
    ...at(client),
    functionName: 'liftRestriction',
    args: [recordId, accessor ?? EVERYBODY],
  });
}

/** A patient's consent to an accessor, standing or expired; undefined for none. */
export async function consentOf(
  client: ChartkeyClient,
  { patient, accessor }: { readonly patient: Address; readonly accessor: Address },
): Promise<Consent | undefined> {
  const found = await read(() =>
    client.publicClient.readContract({ ...at(client), functionName: 'consentOf', args: [patient, accessor] }),
  );
  return found.expiresAt === 0 ? undefined : consentFromChain(found);
}

/** Whether `accessor` may open a record for a purpose now, or why not. */
export async function decide(
  client: ChartkeyClient,
  {
    accessor,
    recordId,
    purpose,
  }: { readonly accessor: Address; readonly recordId: RecordId; readonly purpose: PurposeOfUse },
): Promise<Decision> {
  const args = [accessor, recordId, purposeToNumber(purpose)] as const;
  const [decision] = await read(() =>
    client.publicClient.readContract({ ...at(client), functionName: 'decide', args }),
  );
  return decisionAt(decision);
}

export type ChainConsent = {
  readonly compartments: bigint;
  readonly purposes: number;
  readonly startsAt: number;
  readonly expiresAt: number;
  readonly mayWrite: boolean;
};

export function consentFromChain(found: ChainConsent): Consent {
  return {
    compartments: compartmentsFromMask(found.compartments),
    purposes: purposesFromMask(found.purposes),
    startsAt: found.startsAt,
    expiresAt: found.expiresAt,
    mayWrite: found.mayWrite,
  };
}

const EVERYBODY = '0x0000000000000000000000000000000000000000';

function toChain(consent: Consent): ChainConsent {
  return {
    compartments: compartmentsToMask(consent.compartments),
    purposes: purposesToMask(consent.purposes),
    startsAt: consent.startsAt,
    expiresAt: consent.expiresAt,
    mayWrite: consent.mayWrite,
  };
}

function at(client: ChartkeyClient) {
  return { address: client.deployment.consents, abi } as const;
}
