import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { describe, expect, test } from 'vitest';
import { flipBit, sectionsIn } from '../test/packs.ts';
import { content, MIB, rpc, startNode, upload } from '../test/support.ts';
import { carWith, fileNode, rawBlock, type TestBlock } from '../test/trees.ts';
import { asNodeError } from './errors.ts';

async function addFile(url: string, bytes: Uint8Array): Promise<CID> {
  return CID.parse(JSON.parse(await (await rpc(url, 'add', upload(bytes))).text()).Hash);
}

describe('BlockStore', () => {
  test('error: a bit flipped on disk is never served as good bytes', async () => {
    const { url, dir } = await startNode();
    const bytes = content(1_000);
    const cid = await addFile(url, bytes);
    await flipBit(dir, cid);

    for (const command of [`cat?arg=${cid}`, `block/get?arg=${cid}`]) {
      const answer = await rpc(url, command);
      expect(answer.status).toBe(500);
      expect(await answer.json()).toMatchObject({ Message: expect.stringMatching(/different hash/) });
    }
    const raw = await fetch(`${url}/ipfs/${cid}?format=raw`);
    expect([raw.status, raw.headers.get('content-type')]).toEqual([500, 'application/problem+json']);
    expect(raw.headers.get('cache-control')).toBe('no-store');
  });

  test('behavior: bringing a rotten block again heals it', async () => {
    const { url, dir } = await startNode();
    const bytes = content(1_000);
    const cid = await addFile(url, bytes);
    await flipBit(dir, cid);
    expect((await addFile(url, bytes)).equals(cid)).toBe(true);
    const answer = await rpc(url, `cat?arg=${cid}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('error: rot in the middle of a file breaks the answer off, it does not shorten it', async () => {
    const { url, dir } = await startNode();
    const bytes = content(4 * MIB);
    const cid = await addFile(url, bytes);
    await flipBit(dir, rawBlock(bytes.subarray(3 * MIB, 3 * MIB + 262_144)).cid);
    const read = rpc(url, `cat?arg=${cid}`).then((answer) => answer.arrayBuffer());
    await expect(read).rejects.toThrow();
    const car = fetch(`${url}/ipfs/${cid}?format=car`).then((answer) => answer.arrayBuffer());
    await expect(car).rejects.toThrow();
  });

  test('behavior: packs that nobody acknowledged are cleared', async () => {
    const first = await startNode();
    const cid = await addFile(first.url, content(1_000));
    await first.close();
    await writeFile(join(first.dir, 'packs', '7.car'), 'half');
    const { url, dir } = await startNode({ dir: first.dir });
    expect(await readdir(join(dir, 'packs'))).toEqual(['1.car']);
    expect((await rpc(url, `cat?arg=${cid}`)).status).toBe(200);
  });

  test('behavior: a refused upload leaves no pack behind', async () => {
    const { url, dir } = await startNode();
    const [good, bad] = [rawBlock(content(1_000)), rawBlock(content(1_000))];
    const car = await carWith([good.cid], [good, { cid: bad.cid, bytes: content(1_000) }]);
    expect((await rpc(url, 'dag/import', upload(car))).status).toBe(400);
    expect(await readdir(join(dir, 'packs'))).toEqual([]);
    expect((await rpc(url, `block/get?arg=${good.cid}`)).status).toBe(500);
  });

  test('behavior: a pack in which something died is written anew, and all that lives in it stays', async () => {
    const { url, dir } = await startNode({ leaseMs: 0 });
    const leaves = Array.from({ length: 3 }, () => rawBlock(content(1_000)));
    const [one, two, three] = leaves as [TestBlock, TestBlock, TestBlock];
    await rpc(url, 'dag/import?pin-roots=false', upload(await carWith([one.cid], leaves)));
    const pinned = rpc(url, `pin/add?arg=${one.cid}&arg=${three.cid}`);
    expect((await pinned).status).toBe(200);
    await flipBit(dir, three.cid);
    await (await rpc(url, 'repo/gc')).text();

    const left = await sectionsIn(dir);
    expect(left.map(({ cid }) => cid.toString())).toEqual([one.cid.toString(), three.cid.toString()]);
    expect(await readdir(join(dir, 'packs'))).toEqual(['2.car']);
    const back = await (await rpc(url, `block/get?arg=${one.cid}`)).arrayBuffer();
    expect(Buffer.from(back).equals(one.bytes)).toBe(true);
    expect((await (await rpc(url, `block/get?arg=${two.cid}`)).json()).Message).toMatch(/could not find/);
    // What had rotted is still told from what is missing.
    expect((await (await rpc(url, `block/get?arg=${three.cid}`)).json()).Message).toMatch(/different hash/);
  });

  test('behavior: a body fills packs one after the other, and sweeping removes them whole', async () => {
    const { url, dir } = await startNode();
    const bytes = content(40 * MIB);
    const cid = await addFile(url, bytes);
    expect(await readdir(join(dir, 'packs'))).toHaveLength(3);
    expect(Buffer.from(await (await rpc(url, `cat?arg=${cid}`)).arrayBuffer()).equals(bytes)).toBe(true);
    await rpc(url, `pin/rm?arg=${cid}`);
    await (await rpc(url, 'repo/gc')).text();
    expect(await readdir(join(dir, 'packs'))).toEqual([]);
  });

  test('behavior: reading goes on while the pack is written anew under it', async () => {
    const { url, dir } = await startNode({ leaseMs: 0 });
    const leaves = Array.from({ length: 32 }, () => rawBlock(content(262_144)));
    const root = fileNode(leaves);
    const dying = Array.from({ length: 6 }, () => rawBlock(content(1_000)));
    const roots = [root, ...dying].map(({ cid }) => cid);
    await rpc(url, 'dag/import', upload(await carWith(roots, [...leaves, root, ...dying])));
    const read = async () => Buffer.from(await (await rpc(url, `cat?arg=${root.cid}`)).arrayBuffer());
    const reading = Promise.all(Array.from({ length: 6 }, read));
    for (const { cid } of dying) {
      await rpc(url, `pin/rm?arg=${cid}`);
      await (await rpc(url, 'repo/gc')).text();
    }
    const bytes = Buffer.concat(leaves.map((leaf) => leaf.bytes));
    for (const back of [...(await reading), await read()]) expect(back.equals(bytes)).toBe(true);
    expect(await readdir(join(dir, 'packs'))).toEqual(['7.car']);
  });

  test('behavior: any IPFS tool reads a pack: it is a CAR', async () => {
    const first = await startNode();
    const bytes = content(2 * MIB + 1);
    const cid = await addFile(first.url, bytes);
    const second = await startNode();
    const pack = await readFile(join(first.dir, 'packs', '1.car'));
    expect((await rpc(second.url, 'dag/import?pin-roots=false', upload(pack))).status).toBe(200);
    const back = await (await rpc(second.url, `cat?arg=${cid}`)).arrayBuffer();
    expect(Buffer.from(back).equals(bytes)).toBe(true);
  });

  test.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('error: %s is told as a full disk', (code) => {
    const error = asNodeError(Object.assign(new Error(code), { code }));
    expect(error).toMatchObject({ name: 'NodeError', fault: 'full' });
  });
});
