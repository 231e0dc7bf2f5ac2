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
import { ChainError } from '../errors.ts';
import type { SignedRequest } from '../relay/index.ts';
import { ACTION_SENTENCES, isActionName, wordsBeside } from './action-words.ts';
import type { Deployment } from './deployment.ts';
import {
  accessLogAbi,
  consentRegistryAbi,
  emergencyAccessAbi,
  guardianshipAbi,
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

const REQUEST: readonly AbiParameter[] = [
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
const NOT_ACTIONS = [
  'suspendForStrikes',
  'suspendForReview',
  'moveWallet',
  'noteRestriction',
  'noteMove',
  'bindLog',
  'bind',
  'execute',
  'executeBatch',
];

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
 * What a person signs for a request: the action under its own name, what it does as a sentence, what
 * nobody can read as a number in words, and the contracts' own words for the parameters.
 * `SessionForwarder` recomputes all of it, the words too, from the data that is executed.
 *
 * @throws ChainError `INPUT_INVALID` for a call that is no action of these contracts: nobody signs bytes
 */
export function actionTypedData(deployment: Deployment, request: UnsignedRequest): TypedDataDefinition {
  const action = actionOf(deployment, request);
  if (!action || !isActionName(action.name)) throw noAction();
  const { from, to, gas, nonce, deadline } = request;
  const own = structOf(action.item.inputs, action.args);
  const about = structOf(REQUEST, [from, to, gas, nonce, deadline]);
  const primaryType = `${action.name.charAt(0).toUpperCase()}${action.name.slice(1)}`;
  const types: Types = {
    [primaryType]: [{ name: 'action', type: 'string' }, ...own.fields, { name: 'request', type: 'Request' }],
    Request: about.fields,
    ...own.types,
  };
  return {
    domain: domainOf(deployment),
    types: types as TypedDataDefinition['types'],
    primaryType,
    message: { action: ACTION_SENTENCES[action.name], ...own.values, request: about.values },
  };
}

function noAction(): ChainError {
  return new ChainError('INPUT_INVALID', 'This call is no action that a person can sign.', {
    advice: 'It has to be an action of these contracts.',
  });
}

/** What a session's key signs: the bare request. A person's signature over it counts nothing. */
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
    [deployment.guardianship, guardianshipAbi],
    [deployment.emergencies, emergencyAccessAbi],
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

type Types = Readonly<Record<string, readonly Field[]>>;
type Values = Readonly<Record<string, unknown>>;

/** A struct as EIP-712 has it, and the types that it names. */
type Struct = { readonly fields: readonly Field[]; readonly values: Values; readonly types: Types };

type Leaf = { readonly input: AbiParameter; readonly name: string; readonly value: unknown };

/** Words first, in the order of what they stand beside; then everything as the contracts have it. */
function structOf(inputs: readonly AbiParameter[], args: readonly unknown[]): Struct {
  const leaves = inputs.flatMap((input, i) => leavesOf(input, args[i]));
  const words = leaves.flatMap(({ input, name, value }) => {
    const beside = wordsBeside({ name, type: input.type });
    return beside ? [{ name: beside.field, type: 'string', value: beside.words(value) }] : [];
  });
  const lists = leaves.map(listOf);
  const own = leaves.map(({ input, name, value }, i) => {
    const list = lists[i];
    return list ? { name, type: `${list.name}[]`, value: list.values } : { name, type: input.type, value };
  });
  const all = [...words, ...own];
  return {
    fields: all.map(({ name, type }) => ({ name, type })),
    values: Object.fromEntries(all.map(({ name, value }) => [name, value])),
    types: Object.assign({}, ...lists.map((list) => list?.types)),
  };
}

/** Structs are laid out flat, but for those in a list. */
function leavesOf(input: AbiParameter, value: unknown): readonly Leaf[] {
  if (!('components' in input) || input.type !== 'tuple') return [{ input, name: input.name ?? '', value }];
  const struct = value as Values;
  return input.components.flatMap((part) => leavesOf(part, struct[part.name ?? '']));
}

/** A list of structs: their type under its own name, and each of them. */
function listOf({ input, value }: Leaf) {
  if (!('components' in input)) return undefined;
  const name = input.internalType?.replace(/^struct /, '').replace('[]', '') ?? '';
  const structs = (value as readonly Values[]).map((one) =>
    structOf(
      input.components,
      input.components.map((part) => one[part.name ?? '']),
    ),
  );
  const types = { [name]: structs[0]?.fields ?? [] };
  return { name, types, values: structs.map(({ values }) => values) };
}
