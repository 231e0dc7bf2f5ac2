import { type Address, isAddressEqual } from 'viem';
import { type ChartkeyClient, read, type Sent, send } from './client.ts';
import { guardianshipAbi as abi } from './generated/index.ts';
import { events, inOrder } from './read-events.ts';

/** A patient has at most so many guardians (`MAX_GUARDIANS`). */
export const MAX_GUARDIANS = 7;
/** At least so many guardians have to agree, so that nobody does anything alone. */
export const MIN_THRESHOLD = 2;
/** How long the wallet until now can object, in seconds (`OBJECTION_PERIOD`). */
export const OBJECTION_SECONDS = 3 * 86_400;

type OfPatient = { readonly patient: Address };

/** A patient's guardians, and how many of them it takes; none and 0 for no guardians. */
export type Guardians = { readonly guardians: readonly Address[]; readonly threshold: number };

/** A patient's way to another wallet. */
export type WalletMove = OfPatient & {
  readonly wallet: Address;
  /** Whether the patient offered it; else guardians want it. */
  readonly byPatient: boolean;
  /** How many guardians approved. */
  readonly approvals: number;
  /** Who of them, by their places in the patient's list of guardians, from 0. */
  readonly approvedBy: readonly number[];
  /** Unix seconds. */
  readonly startedAt: number;
  /** Unix seconds from which the wallet may take over; undefined while guardians are missing. */
  readonly readyAt: number | undefined;
};

/**
 * Patient: sets the guardians, 2 to 7 of them or none, of whom `threshold` (2 or more) together move the patient to
 * another wallet or confirm an emergency. What is under way ends.
 */
export function setGuardians(client: ChartkeyClient, { guardians, threshold }: Guardians): Promise<Sent> {
  const args = [guardians.toSorted(byNumber), threshold] as const;
  return send(client, { ...at(client), functionName: 'setGuardians', args });
}

/** A patient's guardians now. */
export async function guardiansOf(client: ChartkeyClient, { patient }: OfPatient): Promise<Guardians> {
  const logs = await events(client, { ...at(client), eventName: 'GuardiansChanged', args: { patient } });
  const last = logs.at(-1)?.args;
  return { guardians: last?.guardians ?? [], threshold: last?.threshold ?? 0 };
}

/** The patients whose guardian an account is now. */
export async function wardsOf(
  client: ChartkeyClient,
  { guardian }: { readonly guardian: Address },
): Promise<Address[]> {
  const logs = await events(client, { ...at(client), eventName: 'GuardianAppointed', args: { guardian } });
  const patients = [...new Set(logs.map(({ args }) => args.patient))];
  const standing = await Promise.all(
    patients.map(async (patient) => {
      const { guardians } = await guardiansOf(client, { patient });
      return guardians.some((one) => isAddressEqual(one, guardian));
    }),
  );
  return patients.filter((_, i) => standing[i]);
}

/** Guardian: approves that a patient moves to a wallet, or begins it. */
export async function approveWallet(
  client: ChartkeyClient,
  { patient, wallet }: OfPatient & { readonly wallet: Address },
): Promise<Sent> {
  const { guardians } = await guardiansOf(client, { patient });
  return send(client, { ...at(client), functionName: 'approveWallet', args: [patient, wallet, guardians] });
}

/** Patient, with the wallet until now: stops every move that is under way. */
export function objectToWallet(
  client: ChartkeyClient,
  { wallet }: { readonly wallet: Address },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'objectToWallet', args: [wallet] });
}

/** Patient: lets another wallet of one's own take over at once, as soon as it calls `takeWallet`. */
export function offerWallet(client: ChartkeyClient, { wallet }: { readonly wallet: Address }): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'offerWallet', args: [wallet] });
}

/** The new wallet: becomes the patient's. */
export function takeWallet(client: ChartkeyClient, { patient }: OfPatient): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'takeWallet', args: [patient] });
}

/** A move that is under way; undefined for none. */
export async function moveOf(
  client: ChartkeyClient,
  { patient, wallet }: OfPatient & { readonly wallet: Address },
): Promise<WalletMove | undefined> {
  const args = [patient, wallet] as const;
  const { startedAt, readyAt, approvals } = await read(() =>
    client.publicClient.readContract({ ...at(client), functionName: 'moveOf', args }),
  );
  if (startedAt === 0) return undefined;
  return {
    patient,
    wallet,
    byPatient: approvals === 0,
    approvals: placesIn(approvals).length,
    approvedBy: placesIn(approvals),
    startedAt,
    readyAt: readyAt || undefined,
  };
}

/** Whether the latest move of a patient to a wallet that guardians began was objected to. */
export async function wasObjectedTo(
  client: ChartkeyClient,
  { patient, wallet }: OfPatient & { readonly wallet: Address },
): Promise<boolean> {
  const both = { patient, wallet };
  // An objection names one wallet and ends the moves to all.
  const logs = await inOrder(
    events(client, { ...at(client), eventName: 'WalletApproved', args: both }),
    events(client, { ...at(client), eventName: 'WalletObjected', args: { patient } }),
  );
  const begun = logs.some(({ eventName }) => eventName === 'WalletApproved');
  return begun && logs.at(-1)?.eventName === 'WalletObjected';
}

/** The moves that are under way: of a patient, or to a wallet. */
export async function movesOf(
  client: ChartkeyClient,
  of: { readonly patient?: Address; readonly wallet?: Address },
): Promise<WalletMove[]> {
  const [approved, offered] = await Promise.all([
    events(client, { ...at(client), eventName: 'WalletApproved', args: of }),
    events(client, { ...at(client), eventName: 'WalletOffered', args: of }),
  ]);
  const pairs = new Map(
    [...approved, ...offered].map(({ args: { patient, wallet } }) => [
      `${patient}${wallet}`,
      { patient, wallet },
    ]),
  );
  const moves = await Promise.all([...pairs.values()].map((pair) => moveOf(client, pair)));
  return moves.filter((move) => move !== undefined);
}

/** One bit for each guardian, in the order of the list. */
function placesIn(bits: number): number[] {
  return Array.from({ length: MAX_GUARDIANS }, (_, place) => place).filter((place) => (bits >> place) & 1);
}

function byNumber(a: Address, b: Address): number {
  return BigInt(a) < BigInt(b) ? -1 : 1;
}

function at(client: ChartkeyClient) {
  return { address: client.deployment.guardianship, abi } as const;
}
