import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CID } from 'multiformats/cid';
import { describe, expect, test } from 'vitest';
import { flipBit, loseBlock, sectionsIn } from '../test/packs.ts';
import { content, MIB, rpc, startNode, upload } from '../test/support.ts';
import { carWith, fileNode, rawBlock, type TestBlock } from '../test/trees.ts';

async function linesOf(answer: Response): Promise<Record<string, unknown>[]> {
  const text = await answer.text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

async function add(url: string, bytes: Uint8Array, query = ''): Promise<string> {
  const [added] = await linesOf(await rpc(url, `add?${query}`, upload(bytes)));
  return String(added?.Hash);
}

async function importCar(url: string, car: Uint8Array, query: string): Promise<Response> {
  return rpc(url, `dag/import?${query}`, upload(car));
}

async function collect(url: string): Promise<string[]> {
  const answer = await rpc(url, 'repo/gc');
  expect(answer.status).toBe(200);
  return (await linesOf(answer)).map(({ Key }) => (Key as { '/': string })['/']);
}

/** Where the first version kept a block. */
function fileOf(dir: string, cid: string): string {
  const name = Buffer.from(CID.parse(cid).multihash.digest).toString('hex');
  return join(dir, 'blocks', name.slice(0, 2), name);
}

function leaves(count: number): TestBlock[] {
  return Array.from({ length: count }, () => rawBlock(content(1_000)));
}

describe('repo/gc', () => {
  test('default: takes what was unpinned and leaves what is pinned', async () => {
    const { url, dir } = await startNode();
    const kept = await add(url, content(MIB));
    const dropped = await add(url, content(MIB));
    expect(await collect(url)).toEqual([]);

    await rpc(url, `pin/rm?arg=${dropped}`);
    const removed = await collect(url);

    expect(removed).toHaveLength(5);
    expect(await sectionsIn(dir)).toHaveLength(5);
    expect((await rpc(url, `cat?arg=${kept}`)).status).toBe(200);
    expect((await rpc(url, `cat?arg=${dropped}`)).status).toBe(500);
    expect((await fetch(`${url}/ipfs/${dropped}?format=raw`)).status).toBe(404);
  });

  test('behavior: a block that another pin keeps too stays', async () => {
    const { url } = await startNode();
    const [one, two, shared] = [...leaves(3)] as [TestBlock, TestBlock, TestBlock];
    const first = fileNode([one, shared]);
    const second = fileNode([two, shared]);
    const car = await carWith([first.cid, second.cid], [first, second, one, two, shared]);
    await importCar(url, car, 'pin-roots=true');
    await rpc(url, `pin/rm?arg=${first.cid}`);
    expect(new Set(await collect(url))).toEqual(new Set([rawCidOf(first), one.cid.toString()]));
    expect((await rpc(url, `cat?arg=${second.cid}`)).status).toBe(200);
  });

  test('behavior: an import that waits for its pin loses nothing, also after a restart', async () => {
    const first = await startNode();
    const [root, blocks] = tree();
    await importCar(first.url, await carWith([root.cid], blocks), 'pin-roots=false');
    expect(await collect(first.url)).toEqual([]);
    await first.close();

    const second = await startNode({ dir: first.dir });
    expect(await collect(second.url)).toEqual([]);
    await importCar(second.url, await carWith([root.cid], [root]), 'pin-roots=false');
    expect((await rpc(second.url, `pin/add?arg=${root.cid}`)).status).toBe(200);
    // The pin took the place of the lease.
    await rpc(second.url, `pin/rm?arg=${root.cid}`);
    expect(await collect(second.url)).toHaveLength(blocks.length + 1);
  });

  test('behavior: what nothing pinned goes when its lease ends', async () => {
    const { url, dir } = await startNode({ leaseMs: 1 });
    await add(url, content(1_000), 'pin=false');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await collect(url)).toHaveLength(1);
    expect(await sectionsIn(dir)).toEqual([]);
  });

  test('behavior: sweeps over and over while files come in, with leases of no length, lose nothing', async () => {
    const { url } = await startNode({ leaseMs: 0 });
    const sent = { done: false };
    const sweeping = (async () => {
      let sweeps = 0;
      while (!sent.done) {
        await collect(url);
        sweeps += 1;
      }
      return sweeps;
    })();
    const cids: string[] = [];
    for (let i = 0; i < 12; i++) cids.push(await add(url, content(MIB)));
    sent.done = true;
    expect(await sweeping).toBeGreaterThan(1);
    for (const cid of cids) {
      const answer = await rpc(url, `cat?arg=${cid}`);
      expect((await answer.arrayBuffer()).byteLength).toBe(MIB);
    }
  });

  test('behavior: a pinned tree with a hole keeps the rest of itself, and can be unpinned and swept', async () => {
    const { url, dir } = await startNode();
    const cid = await add(url, content(MIB));
    await loseBlock(dir, CID.parse(cid));
    expect(await collect(url)).toEqual([]);
    expect((await rpc(url, `cat?arg=${cid}`)).status).toBe(500);
    expect((await rpc(url, `pin/rm?arg=${cid}`)).status).toBe(200);
    expect(await collect(url)).toHaveLength(5);
    expect(await sectionsIn(dir)).toEqual([]);
  });

  test('behavior: a small tree that links itself into a billion paths is pinned and swept', async () => {
    const { url } = await startNode();
    const blocks: TestBlock[] = [rawBlock(content(10))];
    for (let level = 0; level < 30; level++) {
      const below = blocks.at(-1) as TestBlock;
      blocks.push(fileNode([below, below]));
    }
    const root = blocks.at(-1) as TestBlock;
    const [line] = await linesOf(await importCar(url, await carWith([root.cid], blocks), 'pin-roots=true'));
    expect(line).toMatchObject({ Root: { PinErrorMsg: '' } });
    await rpc(url, `pin/rm?arg=${root.cid}`);
    expect(await collect(url)).toHaveLength(31);
  });

  test('behavior: at the interval that was set, without being asked', async () => {
    const { url, dir } = await startNode({ leaseMs: 0, gcIntervalMs: 50 });
    await add(url, content(100), 'pin=false');
    await expect.poll(() => sectionsIn(dir)).toEqual([]);
  });

  test('behavior: pins of the first version are indexed at the start; without their blocks nothing is swept', async () => {
    const first = await startNode();
    const whole = await add(first.url, content(MIB));
    const holed = await add(first.url, content(MIB));
    await first.close();
    await backToVersionOne(first.dir);
    await rm(fileOf(first.dir, holed));

    const second = await startNode({ dir: first.dir });
    const refused = await rpc(second.url, 'repo/gc');
    expect([refused.status, (await refused.json()).Message]).toEqual([503, expect.stringMatching(/pin/)]);
    await rpc(second.url, `pin/rm?arg=${holed}`);
    expect(await collect(second.url)).toHaveLength(4);
    expect((await rpc(second.url, `cat?arg=${whole}`)).status).toBe(200);
    // Their files went into packs.
    await expect(stat(join(second.dir, 'blocks'))).rejects.toThrow(/ENOENT/);
  });
});

describe('repo/verify', () => {
  test('default: all good; behavior: a flipped bit is named', async () => {
    const { url, dir } = await startNode();
    const cid = await add(url, content(1_000));
    await add(url, content(1_000));
    const good = await linesOf(await rpc(url, 'repo/verify'));
    expect(good.at(-1)?.Msg).toMatch(/all blocks validated/);

    await flipBit(dir, CID.parse(cid));
    const bad = await linesOf(await rpc(url, 'repo/verify'));
    expect(bad.map(({ Msg }) => Msg)).toContainEqual(expect.stringContaining(cid));
    expect(bad.at(-1)?.Msg).toMatch(/some blocks were corrupt/);
  });
});

function tree(): [TestBlock, TestBlock[]] {
  const below = leaves(3);
  return [fileNode(below), below];
}

/** How the collector names a block: it does not know its codec. */
function rawCidOf({ bytes }: TestBlock): string {
  return rawBlock(bytes).cid.toString();
}

/** Pins without members, and a file for each block. */
async function backToVersionOne(dir: string): Promise<void> {
  for (const { cid, file, bytesAt, length } of await sectionsIn(dir)) {
    const path = fileOf(dir, cid.toString());
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, (await readFile(file)).subarray(bytesAt, bytesAt + length));
  }
  await rm(join(dir, 'packs'), { recursive: true });
  const db = new DatabaseSync(join(dir, 'ledger.sqlite'));
  db.exec(`CREATE TABLE old (cid TEXT PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL,
      created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO old SELECT cid, type, name, created_at FROM pins;
    DROP TABLE members; DROP TABLE leases; DROP TABLE blocks; DROP TABLE pins;
    ALTER TABLE old RENAME TO pins; PRAGMA user_version = 1;`);
  db.close();
}
