import { type Address, getAddress, type Hex, isAddress } from 'viem';
import { DECISIONS } from '../contracts/decisions.ts';
import type { RecordId } from '../envelope/index.ts';
import { IntegrityError } from '../errors.ts';
import { PURPOSES_OF_USE } from '../hl7/index.ts';
import { createHeadHasher } from '../log/index.ts';
import { z } from '../zod.ts';
import type { BlockHeader } from './block-header.ts';
import { type AuditedEntry, checkLog, type LogVerdict } from './check-log.ts';
import { type LogProof, openLogProof } from './log-proof.ts';

/*
 * A proof as a file: docs/format.md, section 18. Lines of JSON, so that a million entries are written
 * and checked in flat memory.
 */

const FORMAT = 'chartkey-log-proof';
const VERSION = 1;
/** Trie nodes have at most 17 items of 33 bytes. */
const MAX_NODE_CHARS = 2 + 2 * 600;
const MAX_NODES = 65;

const hex = (pattern: RegExp) =>
  z
    .string()
    .regex(pattern)
    .transform((text) => text as Hex);
const hash = hex(/^0x[0-9a-f]{64}$/);
const address = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/)
  .refine((text) => isAddress(text, { strict: false }))
  .transform((text): Address => getAddress(text));
const node = z
  .string()
  .regex(/^0x(?:[0-9a-f]{2})+$/)
  .max(MAX_NODE_CHARS)
  .transform((text) => text as Hex);
const nodes = z.array(node).max(MAX_NODES);
const uint32 = z.int().min(0).max(0xff_ff_ff_ff);

const firstLine = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  chainId: z.int().positive(),
  log: address,
  header: hex(/^0x(?:[0-9a-f]{2})+$/),
  accountProof: nodes,
});
const patientLine = z.strictObject({ patient: address, count: uint32, storageProof: nodes });
const entryLine = z.strictObject({
  sequence: uint32.min(1),
  recordId: hash.transform((text) => text as RecordId),
  accessor: address,
  purpose: z.enum(PURPOSES_OF_USE.map(({ code }) => code)),
  decision: z.enum(DECISIONS.map(({ code }) => code)),
  openedAt: z.int().min(0),
  keyHash: hash,
  /** Of marked openings alone. */
  ground: z.enum(['Emergency', 'Representative']).optional(),
});
const lastLine = z.strictObject({ end: z.literal(true), patients: z.int().min(0) });

/** The lines of a file that proves patients' whole logs. @param entriesOf a patient's entries, in order */
export async function* proofFileLines(
  { chainId, log, header, accountProof, patients }: LogProof,
  heads: ReadonlyMap<string, { readonly count: number }>,
  entriesOf: (patient: Address) => AsyncIterable<AuditedEntry> | Iterable<AuditedEntry>,
): AsyncGenerator<string> {
  yield line({ format: FORMAT, version: VERSION, chainId, log: low(log), header, accountProof });
  for (const { patient, storageProof } of patients) {
    const count = heads.get(low(patient))?.count ?? 0;
    yield line({ patient: low(patient), count, storageProof });
    let written = 0;
    for await (const entry of entriesOf(patient)) {
      // What came after the block is not in the proof.
      if (written === count) break;
      written += 1;
      const { sequence, recordId, accessor, purpose, decision, openedAt, keyHash, ground } = entry;
      const told = { sequence, recordId, accessor: low(accessor), purpose, decision, openedAt, keyHash };
      yield line({ ...told, ...(ground && { ground }) });
    }
    if (written !== count) {
      throw new IntegrityError('LOG_BROKEN', 'The list of entries is shorter than the log is on the chain.', {
        advice: 'Take the entries from another index, or from the chain itself.',
      });
    }
  }
  yield line({ end: true, patients: patients.length });
}

export type ProofFileVerdict = {
  /** Whether every log in it is complete, in order and unedited. */
  readonly ok: boolean;
  readonly chainId: number;
  readonly log: Address;
  readonly block: BlockHeader;
  readonly patients: number;
  readonly entries: number;
  /** Of the patients whose logs are not proven, the first hundred. */
  readonly broken: readonly LogVerdict[];
};

export type ProofFileOptions = {
  /** The block that the auditor trusts, and never one that the file came with. */
  readonly blockHash: Hex;
  /** Where the auditor knows the log to be: a file about another contract proves nothing about ours. */
  readonly log: Address;
  readonly chainId: number;
  /** Hears of every patient's verdict as it comes. */
  readonly onVerdict?: (verdict: LogVerdict) => void;
};

const MAX_BROKEN = 100;

/**
 * Checks a proof file line by line, offline, with no trust in who made it.
 *
 * @throws IntegrityError `PROOF_MALFORMED` with the line's number; `PROOF_BROKEN`
 */
export async function verifyProofFile(
  lines: AsyncIterable<string>,
  { blockHash, log, chainId, onVerdict }: ProofFileOptions,
): Promise<ProofFileVerdict> {
  const reader = new LineReader(lines);
  const first = await reader.next(firstLine);
  if (first.chainId !== chainId || low(first.log) !== low(log)) {
    throw new IntegrityError('PROOF_BROKEN', 'The file is about another chain, or another contract.');
  }
  const { block, headOf } = openLogProof(first, { blockHash });
  const hasher = await createHeadHasher();
  const broken: LogVerdict[] = [];
  let [patients, entries] = [0, 0];
  for (;;) {
    const next = await reader.next(z.union([patientLine, lastLine]));
    if ('end' in next) {
      if (next.patients !== patients) throw reader.malformed('counts other patients than there are');
      await reader.end();
      return { ok: broken.length === 0, chainId, log, block, patients, entries, broken };
    }
    const { patient, count } = next;
    const verdict = await checkLog(hasher, patient, reader.entries(patient, count), headOf(next));
    onVerdict?.(verdict);
    patients += 1;
    entries += verdict.entries;
    if (!verdict.ok && broken.length < MAX_BROKEN) broken.push(verdict);
  }
}

class LineReader {
  readonly #lines: AsyncIterator<string>;
  #number = 0;

  constructor(lines: AsyncIterable<string>) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  async next<schema extends z.ZodType>(schema: schema): Promise<z.output<schema>> {
    const { value, done } = await this.#lines.next();
    this.#number += 1;
    if (done) throw this.malformed('is missing: the file was cut short');
    const parsed = schema.safeParse(parse(value));
    if (parsed.success) return parsed.data;
    throw this.malformed('is not one that may stand there');
  }

  async *entries(patient: Address, count: number): AsyncGenerator<AuditedEntry> {
    for (let i = 0; i < count; i++) yield { patient, ...(await this.next(entryLine)) };
  }

  async end(): Promise<void> {
    const { done } = await this.#lines.next();
    this.#number += 1;
    if (!done) throw this.malformed('comes after the end');
  }

  malformed(what: string): IntegrityError {
    return new IntegrityError(
      'PROOF_MALFORMED',
      `The proof file is not valid: line ${this.#number} ${what}.`,
      {
        advice: 'Ask whoever made it for a new one.',
      },
    );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function low(text: string): string {
  return text.toLowerCase();
}
