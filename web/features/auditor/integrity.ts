import {
  auditIndex,
  auditLogs,
  type ChartkeyClient,
  type EntryFilter,
  entriesFrom,
  type Index,
  IndexError,
  type LogEntry,
  type LogFinding,
  type LogVerdict,
  patientsFor,
  type TrustedBlock,
} from '@chartkey/sdk';
import { type Address, getAddress } from 'viem';
import { type Period, type ProofStatus, periodStatus } from '../audit-proof/index.ts';
import { stopIfAborted } from './stop.ts';

/** A log that is not proven. */
export type BrokenLog = {
  readonly verdict: LogVerdict;
  /** Of the period that was asked about. */
  readonly status: ProofStatus;
  /** What the index lies about, where the node's own list adds up. */
  readonly findings: readonly LogFinding[];
};

export type Integrity = {
  readonly block: TrustedBlock;
  readonly source: 'index' | 'chain';
  readonly logs: number;
  readonly entries: number;
  /** Entries that lie in the period. */
  readonly inPeriod: number;
  readonly broken: readonly BrokenLog[];
};

export type IntegrityAsked = {
  /** One patient's log; without it everybody's. */
  readonly patient?: Address | undefined;
  readonly period: Period;
  readonly index: Index | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (logs: number) => void;
};

/** No more than so many are looked into. */
const MAX_BROKEN = 20;

/**
 * Holds whole logs against their heads in the newest block, and says of those that don't add up whether
 * the period is touched, and which entries. A head proves a list as a whole: of a part of it nothing
 * could be said otherwise.
 *
 * @throws IntegrityError `PROOF_BROKEN`; IndexError; ChainError
 */
export async function checkIntegrity(reader: ChartkeyClient, asked: IntegrityAsked): Promise<Integrity> {
  const { patient, period, index, signal, onProgress } = asked;
  const { hash, number } = await reader.publicClient.getBlock({ blockTag: 'latest' });
  const block = { hash, number };
  const broken: BrokenLog[] = [];
  let [logs, entries, inPeriod] = [0, 0, 0];
  let list: LogEntry[] = [];
  const filterOf = (whose: Address): EntryFilter => ({ patient: getAddress(whose) });
  const entriesOf = async function* (whose: Address) {
    list = [];
    const toBlock = index ? undefined : number;
    for await (const entry of entriesFrom(reader, { index, filter: filterOf(whose), toBlock })) {
      stopIfAborted(signal);
      list.push(entry);
      yield entry;
    }
  };
  const patients = patientsFor(reader, patient === undefined ? {} : { patient }, block);
  for await (const verdict of auditLogs(reader, { patients, block, entriesOf })) {
    stopIfAborted(signal);
    logs += 1;
    entries += verdict.entries;
    inPeriod += list.filter((entry) => isIn(entry, period)).length;
    onProgress(logs);
    // Of one patient what no head shows is looked at as well: block and transaction of each entry.
    if (verdict.ok && !(index && patient !== undefined)) continue;
    const findings =
      index && broken.length < MAX_BROKEN ? await findingsOf(reader, index, verdict.patient, block) : [];
    const status = statusOf({ verdict, entries: list }, findings, period);
    if (status !== 'proven') broken.push({ verdict, findings, status });
  }
  return { block, source: index ? 'index' : 'chain', logs, entries, inPeriod, broken };
}

function statusOf(
  log: { readonly verdict: LogVerdict; readonly entries: readonly LogEntry[] },
  findings: readonly LogFinding[],
  period: Period,
): ProofStatus {
  const named = new Set(findings.map(({ sequence }) => sequence));
  const isNamed = log.entries.some((entry) => named.has(entry.sequence) && isIn(entry, period));
  return isNamed ? 'wrong' : periodStatus(log, period);
}

function isIn({ openedAt }: LogEntry, { from, until }: Period): boolean {
  return openedAt >= from && openedAt < until;
}

async function findingsOf(
  reader: ChartkeyClient,
  index: Index,
  patient: Address,
  { hash, number }: TrustedBlock,
): Promise<readonly LogFinding[]> {
  try {
    const asked = { index, patient: getAddress(patient), blockHash: hash, blockNumber: number };
    return (await auditIndex(reader, asked)).findings;
  } catch (error) {
    if (error instanceof IndexError) return [];
    throw error;
  }
}
