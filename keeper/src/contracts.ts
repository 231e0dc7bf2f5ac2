import {
  type Decision,
  type Deployment,
  decisionAt,
  type Keeper,
  keeperSetAbi,
  keeperViewAbi,
  type Opening,
  type OpeningId,
  openingToChain,
  type RecordId,
} from '@chartkey/sdk';
import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  concatHex,
  type DecodeFunctionResultParameters,
  decodeFunctionResult,
  type EncodeFunctionDataParameters,
  encodeFunctionData,
  type Hex,
  isAddressEqual,
  keccak256,
  zeroAddress,
} from 'viem';
import { type Anchor, type Chain, onceMoreIfUnsettled } from './chain.ts';
import { ProblemError } from './problems.ts';
import type { Block } from './rpc.ts';

/** What the chain says of one record of an opening. */
export type RecordState = {
  readonly decision: Decision;
  /** Undefined if there is no such record. */
  readonly patient: Address | undefined;
  readonly author: Address;
  readonly envelopeDigest: Hex;
};

/** What the chain says of an opening at one block. */
export type OpeningState = {
  /** Undefined if the opening does not stand. */
  readonly openingId: OpeningId | undefined;
  readonly records: ReadonlyMap<RecordId, RecordState>;
};

/** Everything a release is decided by, read for this request alone. */
export type Evidence = {
  readonly head: OpeningState;
  readonly confirmed: OpeningState;
  /** Unix seconds of the head. */
  readonly headTime: number;
};

/** One `eth_call` at the head and, where C > 0, one at head−C; at every endpoint. @throws ProblemError */
export function readEvidence(chain: Chain, deployment: Deployment, opening: Opening): Promise<Evidence> {
  return onceMoreIfUnsettled(() => evidenceOf(chain, deployment, opening));
}

async function evidenceOf(chain: Chain, deployment: Deployment, opening: Opening): Promise<Evidence> {
  const anchor: Anchor = await chain.anchor();
  const read = (block: Block) => openingState(chain, deployment, opening, block);
  const head = read(anchor.head);
  const confirmed = anchor.confirmed === anchor.head ? head : read(anchor.confirmed);
  const [atHead, atConfirmed] = await Promise.all([head, confirmed]);
  return { head: atHead, confirmed: atConfirmed, headTime: anchor.head.timestamp };
}

async function openingState(
  chain: Chain,
  { view }: Deployment,
  opening: Opening,
  block: Block,
): Promise<OpeningState> {
  const answer = await read(
    chain,
    { address: view, abi: keeperViewAbi, functionName: 'releaseState', args: [openingToChain(opening)] },
    block,
  );
  // Before the contracts were deployed nothing stood.
  if (answer === undefined) return { openingId: undefined, records: new Map() };
  const [openingId, records] = answer;
  if (records.length !== opening.recordIds.length) throw unintelligible();
  const states = opening.recordIds.map((recordId, i): [RecordId, RecordState] => {
    const state = records[i];
    if (!state) throw unintelligible();
    return [
      recordId,
      {
        decision: decisionAt(state.decision),
        patient: isAddressEqual(state.patient, zeroAddress) ? undefined : state.patient,
        author: state.author,
        envelopeDigest: state.envelopeDigest,
      },
    ];
  });
  return {
    openingId: BigInt(openingId) === 0n ? undefined : (openingId as OpeningId),
    records: new Map(states),
  };
}

export type Epoch = {
  readonly digest: Hex;
  readonly threshold: number;
  readonly keepers: readonly Keeper[];
};

/** The epoch that new records are sealed under; undefined before the first one. @throws ProblemError */
export async function readCurrentEpoch(
  chain: Chain,
  deployment: Deployment,
): Promise<(Epoch & { readonly number: number }) | undefined> {
  const { head } = await chain.anchor();
  const at = { address: deployment.keepers, abi: keeperSetAbi } as const;
  const number = await read(chain, { ...at, functionName: 'currentEpoch', args: [] }, head);
  const epoch = number ? await readEpoch(chain, deployment, number) : undefined;
  return epoch && number ? { ...epoch, number } : undefined;
}

/** An epoch of keepers as of the head; undefined if it has not started. @throws ProblemError */
export async function readEpoch(
  chain: Chain,
  { keepers: address }: Deployment,
  epoch: number,
): Promise<Epoch | undefined> {
  const { head } = await chain.anchor();
  const at = { address, abi: keeperSetAbi } as const;
  const current = await read(chain, { ...at, functionName: 'currentEpoch', args: [] }, head);
  if (current === undefined || epoch < 1 || epoch > current) return undefined;
  const [summary, keepers] = await Promise.all([
    read(chain, { ...at, functionName: 'epochOf', args: [epoch] }, head),
    read(chain, { ...at, functionName: 'keepersOf', args: [epoch] }, head),
  ]);
  if (summary === undefined || keepers === undefined) return undefined;
  return { digest: summary[0], threshold: summary[1], keepers };
}

/** @throws Error with one line if the contracts at these addresses are not the ones that belong together */
export async function requireContracts(chain: Chain, deployment: Deployment): Promise<void> {
  const { head } = await chain.anchor();
  const at = { address: deployment.view, abi: keeperViewAbi, args: [] } as const;
  const wired = await Promise.all([
    read(chain, { ...at, functionName: 'LOG' }, head),
    read(chain, { ...at, functionName: 'CONSENTS' }, head),
    read(chain, { ...at, functionName: 'RECORDS' }, head),
  ]);
  const named = [deployment.log, deployment.consents, deployment.records];
  const epoch = await read(
    chain,
    { address: deployment.keepers, abi: keeperSetAbi, functionName: 'currentEpoch', args: [] },
    head,
  );
  const right = named.every((address, i) => isAddressEqual(address, wired[i] ?? zeroAddress));
  if (!right || epoch === undefined) {
    throw new Error('the contracts on this chain are not those of the list of addresses');
  }
}

/**
 * One hash over the code of all contracts that a release is decided by. An operator who has
 * looked at that code pins it, so that a list of addresses alone can't bring in other contracts.
 *
 * @throws ProblemError
 */
export async function codeHashOf(chain: Chain, deployment: Deployment): Promise<Hex> {
  const { head } = await chain.anchor();
  const { view, log, consents, records, participants, keepers } = deployment;
  const codes = await Promise.all(
    [view, log, consents, records, participants, keepers].map((address) => chain.codeOf(address, head)),
  );
  return keccak256(concatHex(codes.map((code) => keccak256(code))));
}

type Call<abi extends Abi, name extends ContractFunctionName<abi, 'view'>> = {
  readonly address: Address;
  readonly abi: abi;
  readonly functionName: name;
  readonly args: ContractFunctionArgs<abi, 'view', name>;
};

/** Undefined where there is no contract at that block. @throws ProblemError */
async function read<const abi extends Abi, name extends ContractFunctionName<abi, 'view'>>(
  chain: Chain,
  call: Call<abi, name>,
  block: Block,
): Promise<ContractFunctionReturnType<abi, 'view', name> | undefined> {
  const data = encodeFunctionData(call as unknown as EncodeFunctionDataParameters);
  const answer = await chain.call(call.address, data, block);
  if (answer === '0x') return undefined;
  try {
    const { abi, functionName } = call;
    const result = decodeFunctionResult({
      abi,
      functionName,
      data: answer,
    } as unknown as DecodeFunctionResultParameters);
    return result as ContractFunctionReturnType<abi, 'view', name>;
  } catch (cause) {
    throw unintelligible(cause);
  }
}

function unintelligible(cause?: unknown): ProblemError {
  return new ProblemError('CHAIN_UNREACHABLE', 'A contract answered with something that is no answer.', {
    cause,
  });
}
