import { type Address, concatHex, type Hex, hexToNumber, keccak256, pad, size, slice } from 'viem';
import { read } from '../contracts/client.ts';
import type { ChartkeyClient } from '../contracts/index.ts';
import { ChainError, IntegrityError } from '../errors.ts';
import { type BlockHeader, decodeHeader, encodeHeader } from './block-header.ts';
import { decodeRlp } from './rlp.ts';
import { trieValue } from './trie.ts';

/**
 * Heads of patients' logs with all that shows that they stand in a block: its header, the log
 * contract's account in the block's state, and the heads in the account's storage.
 */
export type LogProof = {
  readonly chainId: number;
  /** The AccessLog contract. */
  readonly log: Address;
  /** RLP, as it is hashed. */
  readonly header: Hex;
  /** Nodes from the state's root to the contract's account. */
  readonly accountProof: readonly Hex[];
  readonly patients: readonly PatientProof[];
};

export type PatientProof = {
  readonly patient: Address;
  /** Nodes from the storage's root to the patient's slot. */
  readonly storageProof: readonly Hex[];
};

/** A head that a proof showed. */
export type ProvenHead = { readonly head: Hex; readonly count: number };

/** `_heads` in AccessLog's storage: a test holds it against the compiler's layout. */
export const HEADS_SLOT = 0n;

/** A node answers for so many slots at once. */
const SLOTS_AT_ONCE = 100;

/** Where a patient's head stands: a mapping's slot (Solidity, "Layout of State Variables in Storage"). */
export function headSlot(patient: Address): Hex {
  return keccak256(
    concatHex([pad(patient, { size: 32 }), pad(`0x${HEADS_SLOT.toString(16)}`, { size: 32 })]),
  );
}

type GetProofAnswer = {
  readonly accountProof: readonly Hex[];
  readonly storageProof: readonly { readonly proof: readonly Hex[] }[];
};

/**
 * Asks a node for the proof. It may lie: {@link verifyLogProof} tells.
 *
 * @param blockNumber a block whose state the node still has; default: its newest
 * @throws ChainError `CHAIN_UNREACHABLE`; `CHAIN_BEHIND` for a block that it does not have
 */
export async function fetchLogProof(
  client: ChartkeyClient,
  { patients, blockNumber }: { readonly patients: readonly Address[]; readonly blockNumber?: bigint },
): Promise<LogProof> {
  const { log, chainId } = client.deployment;
  const block = await blockOf(client, blockNumber);
  const number = block['number'] as Hex;
  const proofs: PatientProof[] = [];
  let accountProof: readonly Hex[] = [];
  for (let at = 0; at === 0 || at < patients.length; at += SLOTS_AT_ONCE) {
    const some = patients.slice(at, at + SLOTS_AT_ONCE);
    const answer = await ask<GetProofAnswer>(client, 'eth_getProof', [log, some.map(headSlot), number]);
    accountProof = answer.accountProof;
    proofs.push(
      ...some.map((patient, i) => ({ patient, storageProof: answer.storageProof[i]?.proof ?? [] })),
    );
  }
  return { chainId, log, header: encodeHeader(block), accountProof, patients: proofs };
}

async function blockOf(client: ChartkeyClient, blockNumber?: bigint): Promise<Record<string, unknown>> {
  const tag = blockNumber === undefined ? 'latest' : `0x${blockNumber.toString(16)}`;
  const block = await ask<Record<string, unknown> | null>(client, 'eth_getBlockByNumber', [tag, false]);
  if (block) return block;
  throw new ChainError('CHAIN_BEHIND', 'The node does not have this block.', {
    advice: 'Ask for a newer block, or ask another node.',
  });
}

/** viem formats what it knows; a proof needs the fields as they came. */
function ask<T>(client: ChartkeyClient, method: string, params: readonly unknown[]): Promise<T> {
  const request = client.publicClient.request as (asked: {
    method: string;
    params: readonly unknown[];
  }) => Promise<unknown>;
  return read(async () => (await request({ method, params })) as T);
}

/** What an account and its block say, and how to read heads under it. */
export type ProvenLog = {
  readonly block: BlockHeader;
  /** @throws IntegrityError `PROOF_BROKEN` */
  readonly headOf: (proof: PatientProof) => ProvenHead;
};

/**
 * Checks the block and the contract's account in it.
 *
 * Warning: all of it hangs on `blockHash`. It has to come from where the auditor trusts the chain: an
 * own node, or several that agree; never from whoever made the proof.
 *
 * @throws IntegrityError `PROOF_BROKEN`
 */
export function openLogProof(
  { header, log, accountProof }: Pick<LogProof, 'header' | 'log' | 'accountProof'>,
  { blockHash }: { readonly blockHash: Hex },
): ProvenLog {
  const block = decodeHeader(header);
  if (block.hash !== blockHash.toLowerCase()) throw broken('is about another block than the one you trust');
  const account = trieValue(block.stateRoot, keccak256(log), accountProof);
  if (account === undefined) throw broken('shows that there is no log at this address in this block');
  const storageRoot = itemOf(account, 2);
  return {
    block,
    headOf: ({ patient, storageProof }) =>
      headFrom(trieValue(storageRoot, keccak256(headSlot(patient)), storageProof)),
  };
}

/** Every head of a proof, by patient in small letters. @throws as {@link openLogProof} */
export function verifyLogProof(
  proof: LogProof,
  trusted: { readonly blockHash: Hex },
): { readonly block: BlockHeader; readonly heads: ReadonlyMap<string, ProvenHead> } {
  const { block, headOf } = openLogProof(proof, trusted);
  return {
    block,
    heads: new Map(proof.patients.map((one) => [one.patient.toLowerCase(), headOf(one)])),
  };
}

/** One slot: count in the four highest bytes, head in the others. */
function headFrom(value: Hex | undefined): ProvenHead {
  const bare = value === undefined ? '0x' : rlpText(value);
  if (size(bare) > 32) throw broken('has a slot of more than 32 bytes');
  const word = pad(bare, { size: 32 });
  return { count: hexToNumber(slice(word, 0, 4)), head: slice(word, 4) };
}

function itemOf(rlp: Hex, index: number): Hex {
  const items: unknown = decoded(rlp);
  const item: unknown = Array.isArray(items) ? items[index] : undefined;
  if (typeof item !== 'string' || item.length !== 66) throw broken('has an account that is none');
  return item as Hex;
}

function rlpText(rlp: Hex): Hex {
  const text = decoded(rlp);
  if (typeof text !== 'string') throw broken('has a slot that is none');
  return text as Hex;
}

function decoded(rlp: Hex): unknown {
  try {
    return decodeRlp(rlp);
  } catch (cause) {
    throw broken('has a value that is not RLP', cause);
  }
}

function broken(what: string, cause?: unknown): IntegrityError {
  return new IntegrityError('PROOF_BROKEN', `The proof ${what}.`, {
    advice: 'It proves nothing. Ask another node, or whoever made the file.',
    cause,
  });
}
