import {
  type Abi,
  type AbiFunction,
  type AbiParameter,
  type Address,
  decodeFunctionData,
  type Hex,
  slice,
  type TypedDataDefinition,
  toFunctionSelector,
} from 'viem';
import type { SignedRequest } from '../relay/index.ts';
import type { Deployment } from './deployment.ts';
import {
  accessLogAbi,
  consentRegistryAbi,
  participantRegistryAbi,
  recordIndexAbi,
  sessionForwarderAbi,
} from './generated/index.ts';

/** A request before it is signed. */
export type UnsignedRequest = Omit<SignedRequest, 'signature'>;

/** What a request does: which function of which contract, with which values. */
export type Action = {
  readonly name: string;
  readonly item: AbiFunction;
  readonly args: readonly unknown[];
};

type Field = { readonly name: string; readonly type: string };

const REQUEST: readonly Field[] = [
  { name: 'signer', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'gas', type: 'uint256' },
  { name: 'nonce', type: 'uint256' },
  { name: 'deadline', type: 'uint48' },
];

const FORWARD_REQUEST: readonly Field[] = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'gas', type: 'uint256' },
  { name: 'nonce', type: 'uint256' },
  { name: 'deadline', type: 'uint48' },
  { name: 'data', type: 'bytes' },
];

/** What contracts call of each other, and the forwarder's own doors: nobody signs these. */
const NOT_ACTIONS = ['suspendForStrikes', 'noteRestriction', 'bindLog', 'execute', 'executeBatch'];

/** The action that a request calls for; undefined if it is none of ours, or its data is malformed. */
export function actionOf(
  deployment: Deployment,
  { to, data }: Pick<SignedRequest, 'to' | 'data'>,
): Action | undefined {
  const abi = abiAt(deployment, to);
  if (!abi || data.length < 10) return undefined;
  const item = actionsOf(abi).get(slice(data, 0, 4));
  if (!item) return undefined;
  try {
    const { args = [] } = decodeFunctionData({ abi: [item], data });
    return { name: item.name, item, args: args as readonly unknown[] };
  } catch {
    return undefined;
  }
}

/**
 * What a person signs for a request: the action under its own name, with the contracts' own words
 * for its parameters. `SessionForwarder` recomputes it from the data that is executed.
 */
export function actionTypedData(deployment: Deployment, request: UnsignedRequest): TypedDataDefinition {
  const action = actionOf(deployment, request);
  const leaves = action?.item.inputs.map((input, i) => leavesOf(input, action.args[i]));
  if (!action || !leaves || leaves.includes(undefined)) return forwardTypedData(deployment, request);
  const fields = leaves.flatMap((leaf) => leaf ?? []);
  const { from, to, gas, nonce, deadline } = request;
  const primaryType = `${action.name.charAt(0).toUpperCase()}${action.name.slice(1)}`;
  const own = fields.map(({ name, type }) => ({ name, type }));
  const types: Readonly<Record<string, readonly Field[]>> = {
    [primaryType]: [...own, { name: 'request', type: 'Request' }],
    Request: REQUEST,
  };
  return {
    domain: domainOf(deployment),
    types: types as TypedDataDefinition['types'],
    primaryType,
    message: {
      ...Object.fromEntries(fields.map(({ name, value }) => [name, value])),
      request: { signer: from, to, gas, nonce, deadline },
    },
  };
}

/** What a session's key signs, and a person where an action has no type of its own: the bare request. */
export function forwardTypedData(deployment: Deployment, request: UnsignedRequest): TypedDataDefinition {
  return {
    domain: domainOf(deployment),
    types: { ForwardRequest: FORWARD_REQUEST },
    primaryType: 'ForwardRequest',
    message: { ...request, value: 0n },
  };
}

function domainOf({ chainId, forwarder }: Deployment) {
  return { name: 'Chartkey', version: '1', chainId, verifyingContract: forwarder };
}

function abiAt(deployment: Deployment, to: Address): Abi | undefined {
  const abis: readonly (readonly [Address, Abi])[] = [
    [deployment.log, accessLogAbi],
    [deployment.consents, consentRegistryAbi],
    [deployment.records, recordIndexAbi],
    [deployment.participants, participantRegistryAbi],
    [deployment.forwarder, sessionForwarderAbi],
  ];
  return abis.find(([address]) => address.toLowerCase() === to.toLowerCase())?.[1];
}

const actionsByAbi = new WeakMap<Abi, ReadonlyMap<Hex, AbiFunction>>();

/** By selector; hashed once, since a relay asks for every request. */
function actionsOf(abi: Abi): ReadonlyMap<Hex, AbiFunction> {
  const known = actionsByAbi.get(abi);
  if (known) return known;
  const items = abi.filter(
    (entry): entry is AbiFunction =>
      entry.type === 'function' &&
      entry.stateMutability === 'nonpayable' &&
      !NOT_ACTIONS.includes(entry.name),
  );
  const actions = new Map(items.map((item) => [toFunctionSelector(item), item] as const));
  actionsByAbi.set(abi, actions);
  return actions;
}

type Leaf = Field & { readonly value: unknown };

/** Structs laid out flat; undefined for structs in a list, which have no type. */
function leavesOf(input: AbiParameter, value: unknown): readonly Leaf[] | undefined {
  if (input.type.startsWith('tuple[')) return undefined;
  if (!('components' in input)) return [{ name: input.name ?? '', type: input.type, value }];
  const struct = value as Readonly<Record<string, unknown>>;
  const leaves = input.components.map((part) => leavesOf(part, struct[part.name ?? '']));
  return leaves.includes(undefined) ? undefined : leaves.flatMap((leaf) => leaf ?? []);
}
