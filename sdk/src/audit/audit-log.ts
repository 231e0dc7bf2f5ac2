import type { Address, Hex } from 'viem';
import { logEntries } from '../contracts/log-entries.ts';
import type { ChartkeyClient } from '../contracts/wallet.ts';
import { IndexError } from '../errors.ts';
import { askIndex, type Index, type IndexedEntry } from '../indexer/index.ts';
import { createHeadHasher, type LogEntry } from '../log/index.ts';
import type { BlockHeader } from './block-header.ts';
import { checkLog, type LogVerdict } from './check-log.ts';
import { compareLogs, type LogFinding } from './compare-logs.ts';
import { fetchLogProof, verifyLogProof } from './log-proof.ts';

/** An entry as an index has it, in the words of the chain. */
export function entryOfIndex({ organisation: _, logIndex: __, ...entry }: IndexedEntry): LogEntry {
  return { ...entry, blockNumber: BigInt(entry.blockNumber) };
}

export type LogAudit = {
  readonly patient: Address;
  readonly block: BlockHeader;
  /** Whether the index's list is complete, in order and unedited, down to block and transaction. */
  readonly ok: boolean;
  readonly index: LogVerdict;
  /** The same of the list that the node has: a node can leave entries out as well. */
  readonly node: LogVerdict;
  /** What the index lies about. Empty too if the node's own list proves nothing. */
  readonly findings: readonly LogFinding[];
};

/**
 * Holds an index's list of a patient's entries against the chain, and says which entry is wrong.
 *
 * @param blockHash the block that the auditor trusts; its state must still be at the node
 * @throws IntegrityError `PROOF_BROKEN` if the node's proof does not lead to that block; ChainError; IndexError
 */
export async function auditIndex(
  client: ChartkeyClient,
  {
    index,
    patient,
    blockHash,
    blockNumber,
  }: {
    readonly index: Index;
    readonly patient: Address;
    readonly blockHash: Hex;
    readonly blockNumber: bigint;
  },
): Promise<LogAudit> {
  const proof = await fetchLogProof(client, { patients: [patient], blockNumber });
  const { block, heads } = verifyLogProof(proof, { blockHash });
  const proven = heads.get(patient.toLowerCase()) ?? { head: '0x', count: 0 };
  const hash = await createHeadHasher();
  const { entries, upTo } = await claimsOf(index, patient);
  const actual: LogEntry[] = [];
  for await (const entry of logEntries(client, { patient, toBlock: block.number })) actual.push(entry);
  const claimed = upToBlock(entries, block, proven.count);
  const verdicts = {
    index: await checkLog(hash, patient, inOrder(claimed), proven),
    node: await checkLog(hash, patient, actual, proven),
  };
  const findings = verdicts.node.ok ? compareLogs({ claimed, actual, claimedUpTo: upTo }) : [];
  return { patient, block, ok: verdicts.index.ok && findings.length === 0, ...verdicts, findings };
}

/** As many as an index gives at once. */
const PAGE = 1_000;
/** No log that is longer is held in memory. */
const MAX_ENTRIES = 1_000_000;

/** What an index says of a patient, and how far it says to have read. @throws IndexError */
export async function claimsOf(
  index: Index,
  patient: Address,
): Promise<{ entries: LogEntry[]; upTo: bigint }> {
  const entries: LogEntry[] = [];
  let upTo = 0n;
  let cursor: string | undefined;
  do {
    const query = { patient, order: 'oldest' as const, limit: PAGE };
    const page = await askIndex(index, 'entries', cursor === undefined ? query : { ...query, cursor });
    entries.push(...page.items.map(entryOfIndex));
    upTo = BigInt(page.upTo.blockNumber);
    cursor = page.next === cursor ? undefined : (page.next ?? undefined);
    if (entries.length > MAX_ENTRIES) {
      throw new IndexError('INDEX_WRONG_ANSWER', 'The index has more entries than one log can have here.');
    }
  } while (cursor !== undefined);
  return { entries, upTo };
}

export function inOrder(entries: readonly LogEntry[]): LogEntry[] {
  return [...entries].sort((a, b) => a.sequence - b.sequence);
}

/** What came after the block is neither proven nor missing; what claims to have come before it is looked at. */
export function upToBlock(
  entries: readonly LogEntry[],
  { number }: Pick<BlockHeader, 'number'>,
  count: number,
): LogEntry[] {
  return entries.filter(({ sequence, blockNumber }) => sequence <= count || blockNumber <= number);
}
