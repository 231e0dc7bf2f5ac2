import type { Address, Hex } from 'viem';
import { type ChartkeyClient, read, type Sent, send } from './client.ts';
import { guardianshipAbi as abi } from './generated/index.ts';
import { events } from './read-events.ts';
import { representedFunction } from './representing.ts';

/** Who acts in a patient's name, or is to. */
export type Representation = {
  readonly patient: Address;
  readonly representative: Address;
  /** Unix seconds; of a proposal when it was made. */
  readonly startsAt: number;
  /** Unix seconds. */
  readonly expiresAt: number;
  /** The manager who proposed it, while a second one is awaited. */
  readonly proposedBy: Address | undefined;
  /** Where it stood at the newest block. */
  readonly state: 'proposed' | 'waiting' | 'standing' | 'expired';
};

type OfBoth = { readonly patient: Address; readonly representative: Address };

/** A client that acts in a patient's name; every act is marked. */
export function asRepresentative(
  client: ChartkeyClient,
  { patient }: { readonly patient: Address },
): ChartkeyClient {
  return { ...client, representing: patient };
}

/** Patient: lets somebody act in one's name, at once and until `expiresAt` (Unix seconds). */
export function appointRepresentative(
  client: ChartkeyClient,
  { representative, expiresAt }: { readonly representative: Address; readonly expiresAt: number },
): Promise<Sent> {
  const args = [representative, expiresAt] as const;
  return send(client, { ...at(client), functionName: 'appointRepresentative', args });
}

/** Manager: proposes a representative for a minor, or confirms what another manager proposed. */
export function appointForMinor(
  client: ChartkeyClient,
  appointment: {
    readonly area: number;
    readonly pid: Hex;
    readonly representative: Address;
    /** Unix seconds. */
    readonly expiresAt: number;
  },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'appointForMinor', args: [appointment] });
}

/** Patient or representative: ends it from this block on. */
export function endRepresentation(
  client: ChartkeyClient,
  { patient, representative }: OfBoth,
): Promise<Sent> {
  const args = [patient, representative] as const;
  return send(client, { ...at(client), functionName: 'endRepresentation', args });
}

/** A representation as it stands; undefined for none, or if it was ended. */
export async function representationOf(
  client: ChartkeyClient,
  { patient, representative }: OfBoth,
): Promise<Representation | undefined> {
  const args = [patient, representative] as const;
  const [{ proposedBy, startsAt, expiresAt }, { timestamp }] = await Promise.all([
    read(() => client.publicClient.readContract({ ...at(client), functionName: 'representationOf', args })),
    read(() => client.publicClient.getBlock({ blockTag: 'latest' })),
  ]);
  if (expiresAt === 0) return undefined;
  const proposed = BigInt(proposedBy) !== 0n;
  return {
    patient,
    representative,
    startsAt,
    expiresAt,
    proposedBy: proposed ? proposedBy : undefined,
    state: stateOf({ proposed, startsAt, expiresAt }, Number(timestamp)),
  };
}

/** The representations of a patient, or by a representative, that were not ended; also proposed and expired ones. */
export async function representations(
  client: ChartkeyClient,
  of: Partial<OfBoth>,
): Promise<Representation[]> {
  const [proposed, appointed] = await Promise.all([
    events(client, { ...at(client), eventName: 'RepresentativeProposed', args: of }),
    events(client, { ...at(client), eventName: 'RepresentativeAppointed', args: of }),
  ]);
  const pairs = new Map(
    [...proposed, ...appointed].map(({ args: { patient, representative } }) => [
      `${patient}${representative}`,
      { patient, representative },
    ]),
  );
  const found = await Promise.all([...pairs.values()].map((pair) => representationOf(client, pair)));
  return found.filter((one) => one !== undefined);
}

/** What a representative did in a patient's name. */
export type RepresentedAct = {
  readonly representative: Address;
  /** The contract that was called, and the function's selector and, where it is known, its name. */
  readonly target: Address;
  readonly selector: Hex;
  readonly functionName: string | undefined;
  readonly transactionHash: Hex;
  readonly blockNumber: bigint;
};

/** What representatives did in a patient's name, in order: who, and which function. */
export async function representedActsOf(
  client: ChartkeyClient,
  { patient }: { readonly patient: Address },
): Promise<RepresentedAct[]> {
  const logs = await events(client, { ...at(client), eventName: 'RepresentativeActed', args: { patient } });
  return logs.map(({ args: { representative, target, selector }, transactionHash, blockNumber }) => ({
    ...{ representative, target, selector, transactionHash, blockNumber },
    functionName: representedFunction(selector),
  }));
}

type Times = { readonly proposed: boolean; readonly startsAt: number; readonly expiresAt: number };

function stateOf({ proposed, startsAt, expiresAt }: Times, now: number): Representation['state'] {
  if (now >= expiresAt) return 'expired';
  if (proposed) return 'proposed';
  return now < startsAt ? 'waiting' : 'standing';
}

function at(client: ChartkeyClient) {
  return { address: client.deployment.guardianship, abi } as const;
}
