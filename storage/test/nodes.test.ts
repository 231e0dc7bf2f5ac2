import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  bodyCid,
  collectGarbage,
  createStorageClient,
  putBlock,
  readBlock,
  readBody,
  readRange,
  unpin,
  uploadBody,
} from '@chartkey/sdk/storage';
import { describe, expect, test } from 'vitest';
import { kuboPath } from '../../scripts/lib/kubo.ts';
import { KINDS, startNodeOf, type TestNode } from './kinds.ts';
import { content, gather, MIB, pieces, rpc, temporaryFolder, upload } from './support.ts';
import { carWith, fileNode, folderNode, rawBlock } from './trees.ts';

const run = promisify(execFile);
const ABSENT = 'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4';

function clientOf(nodes: readonly TestNode[], minReplicas?: number) {
  return createStorageClient({ nodes, minReplicas, readTimeoutMs: 5_000, writeTimeoutMs: 20_000 });
}

describe.each(KINDS)('the client on a node of kind %s', (kind) => {
  test('default: bodies of one leaf, of many, and of three levels, and a range', async () => {
    const node = await startNodeOf(kind);
    const client = clientOf([node]);
    for (const length of [0, 1, 262_144, 262_145, 48 * MIB + 3]) {
      const bytes = content(length);
      const stored = await uploadBody(client, { segments: pieces(bytes) });
      expect(stored.cid.toString()).toBe(bodyCid(stored.digest, length).toString());
      expect((await gather(readBody(client, stored))).equals(bytes)).toBe(true);
      const count = Math.min(length, 300_000);
      const range = await readRange(client, { ...stored, offset: length - count, count });
      expect(Buffer.from(range).equals(bytes.subarray(length - count))).toBe(true);
    }
  });

  test('behavior: unpin and collect take the bytes away, and leave what is pinned', async () => {
    const client = clientOf([await startNodeOf(kind)]);
    const kept = await putBlock(client, content(8_200));
    const stored = await uploadBody(client, { segments: pieces(content(3 * MIB)) });
    expect((await unpin(client, stored.cid))[0]?.outcome).toBe('unpinned');
    expect((await unpin(client, stored.cid))[0]?.outcome).toBe('was-not-pinned');
    expect((await collectGarbage(client))[0]?.outcome).toBe('collected');
    await expect(gather(readBody(client, stored))).rejects.toMatchObject({ code: 'STORAGE_NOT_FOUND' });
    expect(await readBlock(client, kept)).toHaveLength(8_200);
  });

  test('error: a pin on a tree that is not whole is refused at once', async () => {
    const node = await startNodeOf(kind);
    const root = fileNode([rawBlock(content(1_000)), rawBlock(content(1_000))]);
    await rpc(node.rpcUrl, 'dag/import?pin-roots=false', upload(await carWith([root.cid], [root])));
    const started = Date.now();
    const answer = await rpc(node.rpcUrl, `pin/add?arg=${root.cid}&offline=true`);
    expect([answer.status, (await answer.json()).Message]).toEqual([
      500,
      expect.stringMatching(/could not find/),
    ]);
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  test.each([
    ['a block that is absent', `block/get?arg=${ABSENT}`, /could not find/],
    ['a file that is absent', `cat?arg=${ABSENT}`, /could not find/],
    ['a pin that is absent', `pin/rm?arg=${ABSENT}`, /not pinned or pinned indirectly/],
    ['a pin that is asked for by name', `pin/ls?arg=${ABSENT}`, /is not pinned/],
    ['a pin on what is absent', `pin/add?arg=${ABSENT}&offline=true`, /could not find/],
    ['a path that is absent', `resolve?arg=/ipfs/${ABSENT}/x`, /could not find|no link named/],
  ])('error: %s is a 500 with a message and code 0', async (_name, command, message) => {
    const { rpcUrl } = await startNodeOf(kind);
    const answer = await rpc(rpcUrl, command);
    expect([answer.status, await answer.json()]).toEqual([
      500,
      { Message: expect.stringMatching(message), Code: 0, Type: 'error' },
    ]);
  });
});

describe.runIf(KINDS.includes('kubo'))('the embedded node beside Kubo', () => {
  test('behavior: the same requests get answers of the same shape, and the same CIDs', async () => {
    const nodes = [await startNodeOf('embedded'), await startNodeOf('kubo')] as const;
    const file = content(2 * MIB + 5);
    const leaf = rawBlock(content(1_000));
    const folder = folderNode({ 'scan.bin': leaf });
    const car = await carWith([folder.cid], [folder, leaf]);
    const add = 'add?cid-version=1&chunker=size-262144&max-file-links=174';
    const cid = String(JSON.parse(await (await rpc(nodes[0].rpcUrl, add, upload(file))).text()).Hash);
    const requests: readonly (readonly [string, FormData?])[] = [
      [add, upload(file)],
      [`${add}&raw-leaves=false&only-hash=true`, upload(file)],
      ['version'],
      ['block/put?cid-codec=raw&pin=true', upload(leaf.bytes)],
      [`block/stat?arg=${leaf.cid}`],
      ['dag/import?pin-roots=true&stats=true', upload(car)],
      [`ls?arg=${folder.cid}`],
      [`ls?arg=${cid}`],
      [`resolve?arg=/ipfs/${folder.cid}/scan.bin`],
      [`pin/ls?type=recursive&arg=${cid}`],
      [`pin/add?arg=${folder.cid}`],
      [`pin/rm?arg=${folder.cid}`],
      ['repo/stat'],
      ['repo/verify'],
      ['repo/gc'],
    ];
    for (const [command, body] of requests) {
      const [ours, theirs] = await Promise.all(nodes.map(({ rpcUrl }) => ask(rpcUrl, command, body)));
      expect([command, ours?.status]).toEqual([command, theirs?.status]);
      expect([command, ours?.type]).toEqual([command, theirs?.type]);
      if (SAME_VALUES.test(command)) expect([command, ours?.lines]).toEqual([command, theirs?.lines]);
      else expect([command, shapesOf(ours?.lines)]).toEqual([command, shapesOf(theirs?.lines)]);
    }
  });

  test('behavior: three nodes hold one record; `ipfs get`, `ipfs dag export` and the client agree on it', async () => {
    const nodes = [await startNodeOf('kubo'), await startNodeOf('embedded'), await startNodeOf('kubo')];
    const client = clientOf(nodes);
    const bytes = content(5 * MIB + 1);
    const stored = await uploadBody(client, { segments: pieces(bytes) });
    expect(stored.replicas).toHaveLength(3);

    const dir = await temporaryFolder();
    for (const i of [0, 2]) {
      const api = `/ip4/127.0.0.1/tcp/${new URL(nodes[i]?.rpcUrl ?? '').port}`;
      const out = join(dir, String(i));
      await run(kuboPath(), ['get', '--api', api, '-o', out, stored.cid.toString()]);
      const { stdout } = await run('sha256sum', [out]);
      const again = join(dir, `again-${i}`);
      await writeFile(again, bytes);
      expect(stdout.slice(0, 64)).toBe((await run('sha256sum', [again])).stdout.slice(0, 64));
    }
    for (const node of nodes) {
      expect((await gather(readBody(clientOf([node]), stored))).equals(bytes)).toBe(true);
    }
    const cars = await Promise.all(
      nodes.map(async ({ rpcUrl }) => {
        const answer = await rpc(rpcUrl, `dag/export?arg=${stored.cid}`);
        return Buffer.from(await answer.arrayBuffer());
      }),
    );
    expect(cars[1]?.equals(cars[0] ?? Buffer.alloc(0))).toBe(true);
    expect(cars[2]?.equals(cars[0] ?? Buffer.alloc(0))).toBe(true);

    await nodes[0]?.close();
    await nodes[1]?.close();
    expect((await gather(readBody(client, stored))).equals(bytes)).toBe(true);
    expect(client.health().filter(({ faults }) => faults > 0)).toHaveLength(2);
  });
});

describe.runIf(KINDS.includes('kubo'))("Kubo's own program", () => {
  test('behavior: `ipfs add --only-hash` names bodies of one leaf, of many and of three levels as the client and the embedded node do', async () => {
    const [kubo, embedded] = [await startNodeOf('kubo'), await startNodeOf('embedded')];
    const client = clientOf([embedded]);
    const path = join(await temporaryFolder(), 'file');
    // The last two: a full node, and one leaf more, which needs a node above it.
    for (const length of [0, 1, 262_144, 262_145, 3 * MIB + 1, 174 * 262_144, 174 * 262_144 + 1]) {
      const bytes = content(length);
      await writeFile(path, bytes);
      const named = await ipfs(kubo, 'add', '--only-hash', '-Q', ...ADD_OPTIONS, path);
      const { cid } = await uploadBody(client, { segments: pieces(bytes) });
      expect([length, named]).toEqual([length, cid.toString()]);
      const added = await rpc(embedded.rpcUrl, 'add?only-hash=true', upload(bytes));
      expect(JSON.parse(await added.text()).Hash).toBe(named);
    }
  });

  test('behavior: `ipfs add`, `cat`, `ls` and `pin ls` speak to the embedded node', async () => {
    const node = await startNodeOf('embedded');
    const dir = await temporaryFolder();
    const bytes = content(5 * MIB + 1);
    await writeFile(join(dir, 'file'), bytes);
    const cid = await ipfs(node, 'add', '-Q', ...ADD_OPTIONS, join(dir, 'file'));
    const api = ['--api', `/ip4/127.0.0.1/tcp/${new URL(node.rpcUrl).port}`];
    const options = { encoding: 'buffer', maxBuffer: 8 * MIB } as const;
    const { stdout } = await run(kuboPath(), ['cat', ...api, cid], options);
    expect(stdout.equals(bytes)).toBe(true);
    expect((await ipfs(node, 'ls', cid)).split('\n')).toHaveLength(21);
    expect(await ipfs(node, 'pin', 'ls', '--type=recursive', cid)).toContain(cid);
  });

  test("behavior: Kubo imports the embedded node's packs from its disk, and `ipfs get` gives the file", async () => {
    const [kubo, embedded] = [await startNodeOf('kubo'), await startNodeOf('embedded')];
    const bytes = content(20 * MIB + 1);
    const { cid } = await uploadBody(clientOf([embedded]), { segments: pieces(bytes) });
    for (const pack of await readdir(join(embedded.dir, 'packs'))) {
      await ipfs(kubo, 'dag', 'import', '--pin-roots=false', join(embedded.dir, 'packs', pack));
    }
    const out = join(await temporaryFolder(), 'out');
    await ipfs(kubo, 'get', '-o', out, cid.toString());
    expect((await readFile(out)).equals(bytes)).toBe(true);
  });
});

const ADD_OPTIONS = ['--cid-version=1', '--raw-leaves', '--chunker=size-262144', '--max-file-links=174'];

/** What Kubo's program prints when it is pointed at this node. */
async function ipfs({ rpcUrl }: TestNode, ...args: readonly string[]): Promise<string> {
  const api = `/ip4/127.0.0.1/tcp/${new URL(rpcUrl).port}`;
  return (await run(kuboPath(), [...args, '--api', api])).stdout.trim();
}

/** Commands whose answers must be the same to the last value. */
const SAME_VALUES = /^(add|block|dag\/import|ls|resolve|pin)/;

async function ask(url: string, command: string, body?: FormData) {
  const answer = await rpc(url, command, body);
  const text = await answer.text();
  const type = (answer.headers.get('content-type') ?? '').replace(/;.*/, '').toLowerCase();
  const lines = text.split('\n').filter((line) => line !== '');
  return { status: answer.status, type, lines: lines.map((line): unknown => JSON.parse(line)) };
}

/** Names and types, each once. */
function shapesOf(lines: readonly unknown[] | undefined): string[] {
  return [...new Set((lines ?? []).map((line) => JSON.stringify(shapeOf(line))))].sort();
}

function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, shapeOf(inner)]),
  );
}
