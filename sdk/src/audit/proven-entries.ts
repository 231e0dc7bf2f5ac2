import type { Address } from 'viem';
import { logEntries } from '../contracts/log-entries.ts';
import type { ChartkeyClient } from '../contracts/wallet.ts';
import { IndexError } from '../errors.ts';
import type { Index } from '../indexer/index.ts';
import { createHeadHasher, type LogEntry } from '../log/index.ts';
import { claimsOf, inOrder, upToBlock } from './audit-log.ts';
import type { TrustedBlock } from './audit-logs.ts';
import type { BlockHeader } from './block-header.ts';
import { checkLog, type LogVerdict } from './check-log.ts';
import { compareLogs, type LogFinding } from './compare-logs.ts';
import { fetchLogProof, verifyLogProof } from './log-proof.ts';

export type ProvenEntries = {
  readonly patient: Address;
  readonly block: BlockHeader;
  /** In order. Proven if `verdict.ok`; else as the chain's endpoint tells them, and not to be relied on. */
  readonly entries: readonly LogEntry[];
  readonly source: 'index' | 'chain';
  readonly verdict: LogVerdict;
  /** What the index got wrong, where the chain's own list adds up. */
  readonly findings: readonly LogFinding[];
};

/**
 * A patient's log up to a block, from an index if that adds up to the proven head, and else from the chain.
 *
 * Warning: block and transaction of an entry are in no head: from an index they are its word
 * (`auditIndex` holds them against the chain too).
 *
 * @param block whose hash is trusted; its state must still be at the node
 * @param since what was proven before: its entries are read again only if the head moved
 * @throws IntegrityError `PROOF_BROKEN` if the node's proof does not lead to that block; ChainError
 */
export async function provenEntries(
  client: ChartkeyClient,
  {
    patient,
    index,
    block: trusted,
    since,
  }: {
    readonly patient: Address;
    readonly index?: Index | undefined;
    readonly block: TrustedBlock;
    readonly since?: ProvenEntries | undefined;
  },
): Promise<ProvenEntries> {
  const proof = await fetchLogProof(client, { patients: [patient], blockNumber: trusted.number });
  const { block, heads } = verifyLogProof(proof, { blockHash: trusted.hash });
  const proven = heads.get(patient.toLowerCase()) ?? { head: '0x', count: 0 };
  // The head commits to each entry before it: while it stays, so does the list.
  if (since?.verdict.ok && since.patient === patient && since.verdict.proven.head === proven.head) {
    return { ...since, block };
  }
  const hash = await createHeadHasher();
  const claims = index && (await claimsOf(index, patient).catch(unlessOfIndex));
  const claimed = claims && inOrder(upToBlock(claims.entries, block, proven.count));
  if (claimed) {
    const verdict = await checkLog(hash, patient, claimed, proven);
    if (verdict.ok) return { patient, block, entries: claimed, source: 'index', verdict, findings: [] };
  }
  const entries: LogEntry[] = [];
  for await (const entry of logEntries(client, { patient, toBlock: block.number })) entries.push(entry);
  const verdict = await checkLog(hash, patient, entries, proven);
  const findings =
    claimed && verdict.ok ? compareLogs({ claimed, actual: entries, claimedUpTo: claims.upTo }) : [];
  return { patient, block, entries, source: 'chain', verdict, findings };
}

/** An index that does not answer only makes it slower. */
function unlessOfIndex(error: unknown): undefined {
  if (!(error instanceof IndexError)) throw error;
}
