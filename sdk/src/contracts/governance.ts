import { type Address, encodeFunctionData, type Hex, parseAbi } from 'viem';
import { accountOf, type ChartkeyClient, read, send } from './client.ts';
import { keeperSetAbi } from './generated/index.ts';
import type { Keeper, KeeperEpoch } from './keepers.ts';

/** What is used of OpenZeppelin's AccessManager. */
const abi = parseAbi([
  'function canCall(address caller, address target, bytes4 selector) view returns (bool immediate, uint32 delay)',
  'function hashOperation(address caller, address target, bytes data) view returns (bytes32)',
  'function getSchedule(bytes32 id) view returns (uint48)',
  'function schedule(address target, bytes data, uint48 when) returns (bytes32 operationId, uint32 nonce)',
  'function execute(address target, bytes data) payable returns (uint32)',
  'error AccessManagerUnauthorizedCall(address caller, address target, bytes4 selector)',
  'error AccessManagerNotReady(bytes32 operationId)',
  'error AccessManagerExpired(bytes32 operationId)',
  'error AccessManagerAlreadyScheduled(bytes32 operationId)',
]);

export type KeeperChange = {
  /** Keepers that join, or have another key or endpoint from now on. */
  readonly seats: readonly Keeper[];
  /** Operators that leave. */
  readonly leaving: readonly Address[];
  /** k; without it, as before. */
  readonly threshold?: number | undefined;
};

export type EpochPlan = { readonly keepers: readonly Keeper[]; readonly threshold: number };

/** The epoch that a change makes of the one before. The same change gives the same epoch. */
export function planEpoch(current: KeeperEpoch | undefined, change: KeeperChange): EpochPlan {
  const leaving = new Set(change.leaving.map((operator) => operator.toLowerCase()));
  const seats = new Map(
    [...(current?.keepers ?? []), ...change.seats].map((seat) => [seat.operator.toLowerCase(), seat]),
  );
  const keepers = [...seats]
    .filter(([operator]) => !leaving.has(operator))
    // The contract wants ascending operators, so that an epoch has one order.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { operator, publicKeyHash, endpoint }]) => ({ operator, publicKeyHash, endpoint }));
  return { keepers, threshold: change.threshold ?? current?.threshold ?? 2 };
}

export type EpochProgress =
  | { readonly state: 'started'; readonly hash: Hex }
  /** By this call, or by one before. */
  | { readonly state: 'scheduled' | 'waiting'; readonly operationId: Hex; readonly readyAt: number };

/**
 * Governance: starts the next epoch as far as its delay allows. Without a delay it starts at
 * once; with one it is scheduled, in public, and the same call starts it once the time has come.
 *
 * @throws ChainError `CONTRACT_REFUSED` if the account may not
 */
export async function advanceEpoch(client: ChartkeyClient, plan: EpochPlan): Promise<EpochProgress> {
  const target = client.deployment.keepers;
  const args = [[...plan.keepers], plan.threshold] as const;
  const data = encodeFunctionData({ abi: keeperSetAbi, functionName: 'startEpoch', args });
  const caller = accountOf(client);
  const [immediate, delay] = await ask(client, 'canCall', [caller, target, selectorOf(data)]);
  if (immediate || delay === 0) {
    const direct = { address: target, abi: keeperSetAbi, functionName: 'startEpoch', args } as const;
    return { state: 'started', hash: (await send(client, direct)).hash };
  }

  const operationId = await ask(client, 'hashOperation', [caller, target, data]);
  const readyAt = await ask(client, 'getSchedule', [operationId]);
  if (readyAt === 0) {
    await send(client, { ...at(client), functionName: 'schedule', args: [target, data, 0] });
    return { state: 'scheduled', operationId, readyAt: await ask(client, 'getSchedule', [operationId]) };
  }
  const { timestamp } = await read(() => client.publicClient.getBlock());
  if (Number(timestamp) < readyAt) return { state: 'waiting', operationId, readyAt };
  const { hash } = await send(client, { ...at(client), functionName: 'execute', args: [target, data] });
  return { state: 'started', hash };
}

type Question = 'canCall' | 'hashOperation' | 'getSchedule';
type Args = {
  canCall: readonly [Address, Address, Hex];
  hashOperation: readonly [Address, Address, Hex];
  getSchedule: readonly [Hex];
};
type Answer = { canCall: readonly [boolean, number]; hashOperation: Hex; getSchedule: number };

function ask<name extends Question>(
  client: ChartkeyClient,
  name: name,
  args: Args[name],
): Promise<Answer[name]> {
  const call = { ...at(client), functionName: name, args };
  // viem can't follow a name that is one of several.
  const untyped = client.publicClient.readContract as unknown as (c: typeof call) => Promise<Answer[name]>;
  return read(() => untyped(call));
}

function selectorOf(data: Hex): Hex {
  return data.slice(0, 10) as Hex;
}

function at(client: ChartkeyClient) {
  return { address: client.deployment.authority, abi } as const;
}
