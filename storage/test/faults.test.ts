import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import {
  collectGarbage,
  createStorageClient,
  LEAF_BYTES,
  readBody,
  type UploadedBody,
  unpin,
  uploadBody,
} from '@chartkey/sdk/storage';
import { CID } from 'multiformats/cid';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../scripts/lib/process.ts';
import { KINDS, lose, rot, startNodeOf, type TestNode } from './kinds.ts';
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

test('behavior: all nodes but one are killed while a record is read: the right bytes come to the end', {
  timeout: 180_000,
}, async () => {
  const processes = [await spawnNode(await temporaryFolder()), await spawnNode(await temporaryFolder())];
  const urls = processes.map(({ url }) => ({ rpcUrl: url, gatewayUrl: url }));
  const client = createStorageClient({ nodes: [...urls, await startNodeOf(KINDS.at(-1) ?? 'embedded')] });
  const bytes = content(64 * MIB);
  const stored = await uploadBody(client, { segments: pieces(bytes) });

  const came: Uint8Array[] = [];
  for await (const leaf of readBody(client, stored)) {
    came.push(leaf);
    // Whoever is read from now, is gone for the rest.
    if (came.length % 80 === 0) await processes.shift()?.kill('SIGKILL');
  }
  expect(processes).toEqual([]);
  expect(Buffer.concat(came).equals(bytes)).toBe(true);
  expect(client.health().map(({ faults }) => faults > 0)).toEqual([true, true, false]);
});

describe.each(KINDS)('a node of kind %s', (kind) => {
  test('behavior: a pinned tree that lost a block is unpinned and collected, and nothing of it is left', async () => {
    const node = await startNodeOf(kind);
    const client = createStorageClient({ nodes: [node] });
    const kept = await uploadBody(client, { segments: pieces(content(2 * MIB)) });
    const stored = await uploadBody(client, { segments: pieces(content(4 * MIB)) });
    const leaves = await leavesOf(node, stored.cid);
    await lose(node, kind, leaves[5] ?? stored.cid);

    expect((await unpin(client, stored.cid))[0]?.outcome).toBe('unpinned');
    expect((await collectGarbage(client))[0]?.outcome).toBe('collected');
    for (const cid of [stored.cid, ...leaves]) {
      expect((await rpc(node.rpcUrl, `block/stat?arg=${cid}&offline=true`)).status).toBe(500);
    }
    expect(await gather(readBody(client, kept))).toHaveLength(2 * MIB);
  });

  test('error: a flipped bit in what is stored is never served', async () => {
    const node = await startNodeOf(kind);
    const client = createStorageClient({ nodes: [node] });
    const bytes = content(4 * MIB);
    const stored = await uploadBody(client, { segments: pieces(bytes) });
    const leaf = (await leavesOf(node, stored.cid))[9] ?? stored.cid;
    await rot(node, kind, leaf);

    await expect(gather(readBody(client, stored))).rejects.toMatchObject({
      code: expect.stringMatching(/^STORAGE_/),
    });
    expect((await rpc(node.rpcUrl, `block/get?arg=${leaf}`)).status).toBe(500);
  });

  test('behavior: collected over and over while bodies come in, it loses nothing that it acknowledged', {
    timeout: 180_000,
  }, async () => {
    const node = await startNodeOf(kind);
    const client = createStorageClient({ nodes: [node] });
    let done = false;
    let sweeps = 0;
    const sweeping = (async () => {
      while (!done) {
        expect((await rpc(node.rpcUrl, 'repo/gc')).status).toBe(200);
        sweeps += 1;
      }
    })();
    const acknowledged: { bytes: Buffer; stored: UploadedBody }[] = [];
    for (let round = 0; round < 4; round += 1) {
      const bytes = content(12 * MIB);
      // Kubo knows no leases: a sweep between a part and the pin takes the part, and it is said.
      const stored = await uploadBody(client, { segments: pieces(bytes) }).catch((error: unknown) => {
        if (kind === 'embedded') throw error;
      });
      if (stored) acknowledged.push({ bytes, stored });
    }
    done = true;
    await sweeping;
    expect(sweeps).toBeGreaterThan(0);
    for (const { bytes, stored } of acknowledged) {
      expect((await gather(readBody(client, stored))).equals(bytes)).toBe(true);
    }
  });
});

async function leavesOf({ rpcUrl }: TestNode, root: CID): Promise<CID[]> {
  const listed = await (await rpc(rpcUrl, `ls?arg=${root}`)).json();
  return listed.Objects[0].Links.map(({ Hash }: { readonly Hash: string }) => CID.parse(Hash));
}

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
