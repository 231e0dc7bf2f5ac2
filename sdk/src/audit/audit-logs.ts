import { type Address, type Hex, toEventSelector, zeroAddress } from 'viem';
import { participantRegistryAbi } from '../contracts/generated/index.ts';
import { logRanges } from '../contracts/log-ranges.ts';
import type { ChartkeyClient } from '../contracts/wallet.ts';
import { createHeadHasher } from '../log/index.ts';
import { type AuditedEntry, checkLog, type LogVerdict } from './check-log.ts';
import { fetchLogProof, openLogProof } from './log-proof.ts';

/** A block that the auditor trusts. */
export type TrustedBlock = { readonly hash: Hex; readonly number: bigint };

/** Proofs are asked for so many patients at once. */
const AT_ONCE = 100;

/**
 * Every patient up to a block, and the zero address, under which tries at records that nobody knows
 * stand: whose logs there can be.
 *
 * Warning: who is registered is not chained on the chain, so a node could leave a patient out. Ask more
 * than one node, or an own one.
 */
export async function* patientsOf(
  { publicClient, deployment }: ChartkeyClient,
  { toBlock }: { readonly toBlock: bigint },
): AsyncGenerator<Address> {
  yield zeroAddress;
  const ranges = logRanges(publicClient, {
    addresses: [deployment.participants],
    topics: [REGISTERED],
    fromBlock: deployment.startBlock,
    toBlock: Number(toBlock),
  });
  for await (const { logs } of ranges) {
    for (const { topics } of logs) yield `0x${(topics[1] ?? '').slice(26)}`;
  }
}

const REGISTERED = selectorOf('PatientRegistered');

/**
 * Holds logs against their heads in a block, one patient after the other.
 *
 * @param entriesOf a patient's entries in order, up to the block or beyond
 * @throws IntegrityError `PROOF_BROKEN` if the node's proofs don't lead to the block; ChainError
 */
export async function* auditLogs(
  client: ChartkeyClient,
  {
    patients,
    block,
    entriesOf,
  }: {
    readonly patients: AsyncIterable<Address> | Iterable<Address>;
    readonly block: TrustedBlock;
    readonly entriesOf: (patient: Address) => AsyncIterable<AuditedEntry & { readonly blockNumber: bigint }>;
  },
): AsyncGenerator<LogVerdict> {
  const hasher = await createHeadHasher();
  for await (const some of inGroups(patients, AT_ONCE)) {
    const proof = await fetchLogProof(client, { patients: some, blockNumber: block.number });
    const { headOf } = openLogProof(proof, { blockHash: block.hash });
    for (const one of proof.patients) {
      const proven = headOf(one);
      yield await checkLog(hasher, one.patient, upTo(entriesOf(one.patient), block, proven.count), proven);
    }
  }
}

/** What came after the block is neither proven nor wrong; what claims to have come before it is looked at. */
async function* upTo<entry extends AuditedEntry & { readonly blockNumber: bigint }>(
  entries: AsyncIterable<entry>,
  { number }: TrustedBlock,
  count: number,
): AsyncGenerator<entry> {
  for await (const entry of entries) {
    if (entry.sequence <= count || entry.blockNumber <= number) yield entry;
  }
}

async function* inGroups<T>(items: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    if (group.push(item) === size) {
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}

function selectorOf(name: string): Hex {
  const event = participantRegistryAbi.find((item) => item.type === 'event' && item.name === name);
  if (event?.type !== 'event') throw new Error(`ParticipantRegistry has no event ${name}.`);
  return toEventSelector(event);
}
