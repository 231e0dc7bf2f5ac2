import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { createStorageClient, LEAF_BYTES, readBody, uploadBody } from '@chartkey/sdk/storage';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../scripts/lib/process.ts';
import { sectionsIn } from './packs.ts';
import {
  content,
  gather,
  MIB,
  type NodeProcess,
  pieces,
  rpc,
  spawnNode,
  startNode,
  temporaryFolder,
  upload,
} from './support.ts';

const run = promisify(execFile);

/** 500 MB with `CHARTKEY_FAULT_BYTES=500000000`; enough for many parts otherwise. */
const BYTES = Number(process.env.CHARTKEY_FAULT_BYTES ?? 160 * MIB);
const KILLS = 20;

test('behavior: killed at twenty random points of an upload, the node ends up with the same record and no orphan', {
  timeout: 900_000,
}, async () => {
  const dir = await temporaryFolder();
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const client = createStorageClient({ nodes: [{ rpcUrl: url, gatewayUrl: url }], writeTimeoutMs: 60_000 });
  const bytes = content(BYTES);
  let node: NodeProcess = await spawnNode(dir, port);
  let kills = 0;
  let acknowledged = 0;
  const leaves: Uint8Array<ArrayBuffer>[] = [];

  const killing = (async () => {
    while (kills < KILLS) {
      // Spread over the upload: the next one comes when some more is there.
      const due = ((kills + 1) / (KILLS + 1)) * BYTES;
      while (acknowledged < due && acknowledged < BYTES) await pause(2);
      await pause(randomInt(60));
      await node.kill('SIGKILL');
      kills += 1;
      node = await spawnNode(dir, port);
    }
  })();
  const stored = await (async () => {
    for (;;) {
      try {
        return await uploadBody(client, {
          segments: slowly(bytes.subarray(leaves.length * LEAF_BYTES)),
          resumeFrom: leaves.length === 0 ? undefined : { leaves: [...leaves], nodes: [url] },
          onAcknowledged: (more) => leaves.push(...more.leaves),
          onProgress: (done) => {
            acknowledged = done;
          },
        });
      } catch {
        // The line broke too often for one upload: go on with what was acknowledged.
        await pause(50);
      }
    }
  })();
  acknowledged = BYTES;
  await killing;

  expect(kills).toBe(KILLS);
  expect((await gather(readBody(client, stored))).equals(bytes)).toBe(true);
  expect((await rpc(url, 'repo/gc')).status).toBe(200);
  const whole = await startNode();
  const again = createStorageClient({ nodes: [{ rpcUrl: whole.url, gatewayUrl: whole.url }] });
  expect((await uploadBody(again, { segments: pieces(bytes) })).cid.toString()).toBe(stored.cid.toString());
  // Nothing lies in the packs that is not of the record, and nothing twice.
  expect(await namesIn(dir)).toEqual(await namesIn(whole.dir));
  await node.kill('SIGTERM');
});

test('error: a disk that is full refuses, keeps what it has, and takes more when there is room', async () => {
  const dir = await temporaryFolder();
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', dir]).then(
    () => true,
    () => false,
  );
  if (!mounted) return console.warn('LEFT OUT: a full disk, as no small file system can be mounted here');
  onTestFinished(async () => void (await run('umount', ['-l', dir])));
  const { url, close } = await startNode({ dir, leaseMs: 0 });
  const first = await rpc(url, 'add', upload(content(4 * MIB)));
  const { Hash } = JSON.parse(await first.text());

  const refused = await rpc(url, 'add', upload(content(16 * MIB)));
  expect([refused.status, (await refused.json()).Message]).toEqual([507, expect.stringMatching(/no space/)]);
  expect((await (await rpc(url, `cat?arg=${Hash}`)).arrayBuffer()).byteLength).toBe(4 * MIB);
  await rpc(url, 'repo/gc').then((answer) => answer.text());
  expect((await rpc(url, 'add', upload(content(2 * MIB)))).status).toBe(200);
  await close();
});

async function namesIn(dir: string): Promise<string[]> {
  return (await sectionsIn(dir)).map(({ cid }) => cid.toString()).sort();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** As a disk and a cipher would: otherwise a small upload is over before it is killed twenty times. */
async function* slowly(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces(bytes)) {
    await pause(2);
    yield piece;
  }
}
