import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addRecord,
  eraseRecord,
  openOwnRecord,
  openThroughKeepers,
  parseEnvelope,
  type RecordId,
  recordOf,
  retireRecord,
  sealRecord,
} from '@chartkey/sdk';
import { bodyCid, envelopeCid, readBlock } from '@chartkey/sdk/storage';
import { hexToBytes } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { hasKubo, type RunningKubo, startKubo } from '../../scripts/lib/kubo.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';
import { findKuboDaemon } from '../../scripts/lib/storage-choice.ts';
import { openWard } from '../../scripts/lib/ward.ts';

if (!hasKubo())
  console.warn('LEFT OUT: the local network on a real Kubo daemon (there is none: npm run kubo)');

const CONTENT = `A made-up letter. ${'x'.repeat(600_000)}`;

/** What `npm start` starts when a Kubo daemon answers, its pages left aside. */
describe.skipIf(!hasKubo())('the local network on a Kubo daemon', () => {
  let folder: string;
  let kubo: RunningKubo;
  let stack: Stack;
  let recordId: RecordId;
  let roots: readonly string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartkey-kubo-'));
    kubo = await startKubo({ dir: join(folder, 'kubo') });
    const storage = await findKuboDaemon(kubo.rpcUrl);
    expect(storage?.description).toMatch(/^Kubo \d+\.\d+\.\d+ at /);
    stack = await startStack({ storage });
    await openWard(stack, [ACTORS.clinician]);
  });

  afterAll(async () => {
    await stack?.close();
    await kubo?.service.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** The daemon's own RPC, which pages never reach. */
  const ask = async (command: string) =>
    (await fetch(`${kubo.rpcUrl}/api/v0/${command}`, { method: 'POST' })).text();

  test('default: a record goes through the gate onto the daemon, and opens through the keepers', async () => {
    const client = stack.clientOf(ACTORS.patient);
    const { address } = ACTORS.patient;
    const storage = await stack.storageOf(ACTORS.patient);
    const source = new Blob([CONTENT]);
    const metadata = {
      ...{ length: source.size, mediaType: 'text/plain', title: 'letter.txt', fhirType: '' },
      created: '2026-01-01',
    };
    const place = { storage, network: stack.network, patient: address, author: address };
    ({ recordId } = await sealRecord(client, { ...place, source, metadata }));
    await addRecord(client, { recordId, patient: address, compartment: 0 });

    const envelope = envelopeCid(hexToBytes(recordId));
    const { bodyDigest, bodyLength } = parseEnvelope(await readBlock(storage, envelope));
    roots = [envelope.toString(), bodyCid(hexToBytes(bodyDigest), bodyLength).toString()];
    for (const root of roots) expect(await ask(`pin/ls?arg=${root}&type=recursive`)).toContain(root);

    const reading = { storage: await stack.storageOf(), network: stack.network };
    const { outcomes } = await openThroughKeepers(stack.clientOf(ACTORS.clinician), {
      ...{ ...reading, recordIds: [recordId], purpose: 'TREAT' },
    });
    const [outcome] = outcomes;
    if (outcome?.status !== 'opened') throw new Error('It did not open.');
    const pieces: Uint8Array[] = [];
    for await (const piece of outcome.record.content()) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe(CONTENT);
  });

  test('behavior: retired and erased through the gate, the daemon has nothing of it', async () => {
    const client = stack.clientOf(ACTORS.patient);
    await retireRecord(client, { recordId });
    const storage = await stack.storageOf(ACTORS.patient);
    const receipt = await eraseRecord(client, { recordId, storage });
    expect(receipt.complete).toBe(true);
    expect(receipt.blocks.length).toBeGreaterThan(3);
    for (const root of roots) expect(await ask(`pin/ls?arg=${root}`)).toMatch(/not pinned/);
    const refs = await ask('refs/local');
    for (const cid of receipt.blocks) expect(refs).not.toContain(cid);
    expect((await recordOf(client, { recordId }))?.status).toBe('Retired');
    await expect(openOwnRecord(client, { recordId, keyPairs: [], storage })).rejects.toMatchObject({
      code: 'STORAGE_NOT_FOUND',
    });
  });
});
