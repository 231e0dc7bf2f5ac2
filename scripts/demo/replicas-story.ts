import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessLogOf, auditRecords, createStorageClient, type RecordAudit } from '@chartkey/sdk';
import { flipBit, loseBlock, sectionsIn } from '../../storage/test/packs.ts';
import { ACTORS } from '../lib/accounts.ts';
import { watchMemory } from './measures.ts';
import { Checks, type DemoResult, type InputFile } from './result.ts';
import { startTamperingStorage } from './tampering-storage.ts';
import {
  openAsClinician,
  type StoryRecord,
  sealAndOpen,
  type ThreeNodes,
  withThreeNodes,
} from './three-nodes.ts';

/** Loses and spoils blocks on a node, shows that reading goes on, and mends them from the others. */
export async function replicasStory(
  files: readonly InputFile[],
  onStep: (text: string) => void,
): Promise<DemoResult> {
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-replicas-'));
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
  const { stack, storage, gas, nodes } = three;
  const checks = new Checks(onStep);
  const memory = watchMemory();
  const records: StoryRecord[] = [];
  for (const file of files) {
    onStep(`Sealing ${records.length + 1} of ${files.length} onto three nodes`);
    records.push(await sealAndOpen(three, file));
  }
  const opensAll = async (client = storage) => {
    for (const { recordId, plaintextSha256 } of records) {
      if ((await openAsClinician(stack, client, recordId)) !== plaintextSha256) return false;
    }
    return true;
  };
  const audits: RecordAudit[] = [];
  const audit = async (repair = false) => {
    const report = await auditRecords(stack.clientOf(), { storage, repair });
    audits.push(report);
    return report;
  };

  await checks.that('an audit of three nodes is clean, byte by byte', async () => (await audit()).clean);
  const spoilt = await spoil(nodes[0]?.dir ?? '');
  await checks.that('with a lost and a rotten block on the first node, everything opens', () => opensAll());
  await checks.that('the audit names both, and the node', async () => {
    const { findings } = await audit();
    const kinds = findings.map(({ finding, node }) => (node === nodes[0]?.label ? finding : 'elsewhere'));
    return kinds.sort().join() === (spoilt === 2 ? 'corrupt,missing' : 'missing') || kinds.join();
  });
  await checks.that('the repair brings them from a healthy node', async () =>
    (await audit(true)).findings.every(({ repaired }) => repaired),
  );
  await checks.that('the audit after it is clean', async () => (await audit()).clean);
  await checks.that('a node that serves other bytes is skipped at once, marked and named', () =>
    skipsLiar(three, opensAll),
  );
  for (const { service } of nodes.slice(0, 2)) await service.close();
  await checks.that('with two of three nodes stopped, everything opens', () => opensAll());
  const log = await accessLogOf(stack.clientOf(), { patient: ACTORS.patient.address });
  return {
    ok: checks.ok,
    records,
    gas,
    checks: checks.all,
    log: { entries: log.entries.length, headOnChain: log.head.head, headRecomputed: log.recomputed },
    audits,
    peakMemory: memory(),
  };
}

async function skipsLiar(
  { nodes }: ThreeNodes,
  opensAll: (client: ReturnType<typeof createStorageClient>) => Promise<boolean>,
): Promise<boolean | string> {
  const [first, ...others] = nodes;
  const liar = await startTamperingStorage(first?.gatewayUrl ?? '');
  try {
    const client = createStorageClient({
      nodes: [{ rpcUrl: liar.url, gatewayUrl: liar.url }, ...others],
      minReplicas: 1,
    });
    const opened = await opensAll(client);
    const shown = client.health().find(({ node }) => node === liar.url);
    return (opened && shown?.lastFault === 'wrong-bytes') || `it is shown as ${shown?.lastFault}`;
  } finally {
    await liar.close();
  }
}

/** Of the two largest blocks one is lost, and in the other a bit turns. */
async function spoil(dir: string): Promise<number> {
  const [lost, rotten] = (await sectionsIn(dir)).sort((a, b) => b.length - a.length);
  if (lost !== undefined) await loseBlock(dir, lost.cid);
  if (rotten === undefined) return 1;
  await flipBit(dir, rotten.cid);
  return 2;
}
