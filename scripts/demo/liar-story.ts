import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  accessLogOf,
  auditIndex,
  fetchLogProof,
  headOf,
  indexInfo,
  logEntries,
  openRecords,
  proofFileLines,
  type RecordId,
  type TrustedBlock,
  verifyLogProof,
  verifyProofFile,
} from '@chartkey/sdk';
import { type Hex, keccak256, numberToHex } from 'viem';
import { ACTORS } from '../lib/accounts.ts';
import { startIndexerNode } from '../lib/indexer.ts';
import { type Stack, startStack } from '../lib/stack.ts';
import { openWard, writeLetters } from '../lib/ward.ts';
import { watchMemory } from './measures.ts';
import { Checks, type DemoResult } from './result.ts';

const LETTERS = 4;
const OPENINGS = 3;
const ENTRIES = LETTERS * OPENINGS;
const patient = ACTORS.patient.address;

type Lie = {
  readonly what: string;
  /** What is done to a copy of the index's database; `$p` is the patient. */
  readonly sql: string;
  readonly kind: string;
  /** The entry's number; any of several where two changed places. */
  readonly sequences: readonly number[];
};

const MADE_UP: Hex = `0x${'cd'.repeat(32)}`;

const LIES: readonly Lie[] = [
  {
    what: 'hides an entry',
    sql: 'delete from entries where patient = $p and sequence = 5',
    kind: 'hidden',
    sequences: [5],
  },
  {
    what: 'hides an entry and renumbers those after it',
    sql: `delete from entries where patient = $p and sequence = 5;
      update entries set sequence = sequence - 1 where patient = $p and sequence > 5`,
    kind: 'hidden',
    sequences: [5],
  },
  {
    what: 'hides the newest entry',
    sql: `delete from entries where patient = $p and sequence = ${ENTRIES}`,
    kind: 'hidden',
    sequences: [ENTRIES],
  },
  {
    what: 'invents an entry',
    sql: `insert into entries select position + 1, patient, accessor, organisation, record_id, ${ENTRIES + 1}, purpose,
      decision, refused, ground, emergency, opened_at, '${MADE_UP}', '${MADE_UP}', head
      from entries where patient = $p and sequence = ${ENTRIES}`,
    kind: 'invented',
    sequences: [ENTRIES + 1],
  },
  {
    what: 'edits who it was',
    sql: `update entries set accessor = '0x${'12'.repeat(20)}' where patient = $p and sequence = 3`,
    kind: 'edited',
    sequences: [3],
  },
  {
    what: 'edits why it was',
    sql: 'update entries set purpose = 5 where patient = $p and sequence = 7',
    kind: 'edited',
    sequences: [7],
  },
  {
    what: 'swaps two entries',
    sql: `update entries set sequence = 1000 where patient = $p and sequence = 6;
      update entries set sequence = 6 where patient = $p and sequence = 7;
      update entries set sequence = 7 where patient = $p and sequence = 1000`,
    kind: 'reordered',
    sequences: [6, 7],
  },
  {
    what: 'delays what is new',
    sql: `delete from entries where patient = $p and sequence > ${ENTRIES - LETTERS};
      insert or replace into blocks select max(number) - 1, hash from blocks;
      delete from blocks where number = (select max(number) from blocks)`,
    kind: 'delayed',
    sequences: Array.from({ length: LETTERS }, (_, i) => ENTRIES - i),
  },
];

/** An index is tampered with in each way, and each is found and named; a proof verifies offline, an edited one does not. */
export async function liarStory(_files: unknown, onStep: (text: string) => void): Promise<DemoResult> {
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-liar-'));
  const stack = await startStack({ onStep });
  try {
    return await tell(stack, folder, onStep);
  } finally {
    await stack.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function tell(stack: Stack, folder: string, onStep: (text: string) => void): Promise<DemoResult> {
  const checks = new Checks(onStep);
  const memory = watchMemory();
  onStep(`A patient shares ${LETTERS} letters with a clinician, who opens them ${OPENINGS} times`);
  await openWard(stack, [ACTORS.clinician]);
  const texts = Array.from({ length: LETTERS }, (_, i) => `Letter ${i + 1}`);
  await openAll(stack, await writeLetters(stack, texts));
  const block = await newestBlock(stack);
  await indexed(stack, block);

  await checks.that('an honest index has nothing against it', async () => {
    const { ok, findings } = await audit(stack, stack.indexer, block);
    return ok && findings.length === 0;
  });
  // Whole on the disk, to be copied.
  await stack.indexer.service.close();
  for (const lie of LIES) await findOut(stack, { folder, lie, block, checks });
  await proveOffline(stack, block, checks);

  const log = await accessLogOf(stack.clientOf(), { patient });
  return {
    ok: checks.ok,
    records: [],
    gas: {},
    checks: checks.all,
    log: { entries: log.entries.length, headOnChain: log.head.head, headRecomputed: log.recomputed },
    peakMemory: memory(),
  };
}

async function openAll(stack: Stack, recordIds: readonly RecordId[]): Promise<void> {
  const client = stack.clientOf(ACTORS.clinician);
  for (let i = 0; i < OPENINGS; i++) {
    await openRecords(client, { recordIds, purpose: 'TREAT', keyHash: keccak256(numberToHex(i + 1)) });
  }
}

async function newestBlock(stack: Stack): Promise<TrustedBlock> {
  const { hash, number } = await stack.clientOf().publicClient.getBlock({ blockTag: 'latest' });
  return { hash, number };
}

async function indexed(stack: Stack, { hash }: TrustedBlock): Promise<void> {
  while ((await indexInfo(stack.indexer)).upTo.blockHash !== hash) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function audit(stack: Stack, index: { readonly url: string }, { hash, number }: TrustedBlock) {
  const options = { index: { url: index.url }, patient, blockHash: hash, blockNumber: number };
  return auditIndex(stack.clientOf(), options);
}

type Case = {
  readonly folder: string;
  readonly lie: Lie;
  readonly block: TrustedBlock;
  readonly checks: Checks;
};

async function findOut(stack: Stack, { folder, lie, block, checks }: Case): Promise<void> {
  const database = join(folder, `${lie.kind}-${Math.random()}.sqlite`);
  await copyFile(stack.indexFile, database);
  tamper(database, lie.sql);
  const { rpcUrl, addressesFile } = stack;
  const liar = await startIndexerNode({ rpcUrl, addressesFile, database, role: 'reader' });
  try {
    await checks.that(`an index that ${lie.what} is found out, and the entry is named`, async () => {
      const { ok, findings } = await audit(stack, liar, block);
      const found = findings.map(({ kind, sequence }) => `${kind} ${sequence}`).join(', ');
      const named = findings.every(
        ({ kind, sequence }) => kind === lie.kind && lie.sequences.includes(sequence),
      );
      return (!ok && named && findings.length > 0) || `found: ${found || 'nothing'}`;
    });
  } finally {
    await liar.service.close();
  }
}

function tamper(database: string, sql: string): void {
  const db = new DatabaseSync(database);
  try {
    db.exec(sql.replaceAll('$p', `'${patient.toLowerCase()}'`));
  } finally {
    db.close();
  }
}

async function proveOffline(stack: Stack, block: TrustedBlock, checks: Checks): Promise<void> {
  const client = stack.clientOf();
  const proof = await fetchLogProof(client, { patients: [patient], blockNumber: block.number });
  const { heads } = verifyLogProof(proof, { blockHash: block.hash });
  const lines: string[] = [];
  const entriesOf = () => logEntries(client, { patient, toBlock: block.number });
  for await (const line of proofFileLines(proof, heads, entriesOf)) lines.push(line);
  const { log, chainId } = stack.deployment;
  const verify = (some: readonly string[]) =>
    verifyProofFile(asStream(some), { blockHash: block.hash, log, chainId });
  await checks.that('an exported proof verifies offline', async () => {
    const { ok, entries } = await verify(lines);
    return ok && entries === ENTRIES;
  });
  await checks.that('an edited one does not', async () => {
    const edited = lines.map((line) => line.replace('"TREAT"', '"HRESCH"'));
    return !(await verify(edited)).ok;
  });
  await checks.that('and one that is cut short neither', async () =>
    verify(lines.toSpliced(5, 1)).then(
      ({ ok }) => !ok,
      () => true,
    ),
  );
  await checks.that('the head that the contract holds is the one that was proven', async () => {
    const { count, head } = await headOf(client, { patient, blockNumber: block.number });
    const proven = heads.get(patient.toLowerCase());
    return proven?.count === count && proven.head === head;
  });
}

async function* asStream(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
