import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  accessLogOf,
  auditRecords,
  type ErasureReceipt,
  eraseRecord,
  openOwnRecord,
  type RecordAudit,
  type RecordId,
  retireRecord,
} from '@chartkey/sdk';
import { ACTORS } from '../lib/accounts.ts';
import { gasOf, watchMemory } from './measures.ts';
import { Checks, type DemoResult, type InputFile } from './result.ts';
import {
  openAsClinician,
  type StoryRecord,
  sealAndOpen,
  type ThreeNodes,
  withThreeNodes,
} from './three-nodes.ts';

/** Retires a record, takes it off every node, and shows that nothing serves or releases it any more. */
export async function erasureStory(
  files: readonly InputFile[],
  onStep: (text: string) => void,
): Promise<DemoResult> {
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-erasure-'));
  try {
    return await withThreeNodes(folder, onStep, (three) => tell(three, files, onStep));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tell(
  three: ThreeNodes,
  files: readonly InputFile[],
  onStep: (text: string) => void,
): Promise<DemoResult> {
  const { stack, storage, patientStorage, gas } = three;
  const checks = new Checks(onStep);
  const memory = watchMemory();
  const patient = stack.clientOf(ACTORS.patient);
  const records: StoryRecord[] = [];
  for (const file of files) {
    onStep(`Sealing ${records.length + 1} of ${files.length} onto three nodes`);
    records.push(await sealAndOpen(three, file));
  }
  await checks.that('the clinician opened every record, byte for byte', async () =>
    records.every(({ openedSha256, plaintextSha256 }) => openedSha256 === plaintextSha256),
  );
  const [ended, ...kept] = records;
  if (ended === undefined) throw new Error('There is no record to erase.');
  const { recordId } = ended;
  const audits: RecordAudit[] = [];
  const audit = async () => {
    const report = await auditRecords(stack.clientOf(), { storage });
    audits.push(report);
    return report;
  };

  await checks.that('a record that is not retired can not be erased', async () => {
    const code = await eraseRecord(patient, { recordId, storage }).catch((error: unknown) => codeOf(error));
    return code === 'CONTRACT_REFUSED';
  });
  gas.retireRecord = gasOf(await retireRecord(patient, { recordId }));
  await checks.that('retired, it is refused to the clinician, who still has the consent', async () => {
    const decision = await openAsClinician(stack, storage, recordId);
    return decision === 'RecordNotActive' || decision;
  });
  await checks.that('an audit says that all nodes still have it', async () => {
    const { findings } = await audit();
    return findings.filter(({ finding }) => finding === 'still-there').length === three.nodes.length;
  });

  // Anybody who has signed in may ask: the gate asks the chain.
  const byGate = await eraseRecord(patient, { recordId, storage: patientStorage });
  await checks.that(
    'the gate takes it off all its nodes',
    async () =>
      (byGate.complete && byGate.nodes[0]?.unpinned === 2 * three.nodes.length) ||
      `${byGate.nodes[0]?.unpinned} pins`,
  );
  const receipt = await eraseRecord(patient, { recordId, storage });
  await checks.that(
    'each node, asked by itself, answers "missing" for all that can still be named',
    async () =>
      receipt.complete &&
      byGate.blocks.length > 1 &&
      receipt.blocks.length > 0 &&
      receipt.nodes.every(({ notMissing }) => notMissing === 0),
  );
  await checks.that('asked directly, no node serves any of its blocks', () => nobodyServes(three, byGate));
  await checks.that('not even the patient’s own key opens it any more', async () => {
    const code = await openOwn(three, recordId);
    return code === 'STORAGE_NOT_FOUND' || code;
  });
  await checks.that('an audit of what is left is clean', async () => (await audit()).clean);
  for (const { file, recordId: other, plaintextSha256 } of kept) {
    await checks.that(
      `${file} is there as before`,
      async () => (await openAsClinician(stack, storage, other)) === plaintextSha256,
    );
  }
  const log = await accessLogOf(stack.clientOf(), { patient: ACTORS.patient.address });
  await checks.that('who looked at it, and when, stays in the log', async () => log.complete);
  return {
    ok: checks.ok,
    records,
    gas,
    checks: checks.all,
    log: { entries: log.entries.length, headOnChain: log.head.head, headRecomputed: log.recomputed },
    receipts: [byGate, receipt],
    audits,
    peakMemory: memory(),
  };
}

async function nobodyServes({ nodes }: ThreeNodes, { blocks }: ErasureReceipt): Promise<boolean | string> {
  for (const { gatewayUrl } of nodes) {
    for (const cid of blocks) {
      const { status } = await fetch(`${gatewayUrl}/ipfs/${cid}?format=raw`);
      if (status !== 404) return `one answered ${status}`;
    }
  }
  return true;
}

async function openOwn({ stack, storage, keyPair }: ThreeNodes, recordId: RecordId): Promise<string> {
  try {
    const client = stack.clientOf(ACTORS.patient);
    const record = await openOwnRecord(client, { recordId, keyPairs: [keyPair], storage });
    for await (const _piece of record?.content() ?? []);
    return 'it opened';
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'another error';
}
