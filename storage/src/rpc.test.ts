import { CarReader } from '@ipld/car/reader';
import { CarWriter } from '@ipld/car/writer';
import { create, type KuboRPCClient } from 'kubo-rpc-client';
import { CID } from 'multiformats/cid';
import { describe, expect, test } from 'vitest';
import { content, gather, MIB, pieces, rpc, startNode, upload } from '../test/support.ts';
import { carWith, folderNode, rawBlock } from '../test/trees.ts';

const OPTIONS = { cidVersion: 1, rawLeaves: true, chunker: 'size-262144' } as const;

async function startKubo(): Promise<{ kubo: KuboRPCClient; url: string; dir: string }> {
  const { url, dir } = await startNode();
  return { kubo: create({ url: `${url}/api/v0` }), url, dir };
}

describe('kubo-rpc-client', () => {
  test('default: add, cat, pin and stat of a file', async () => {
    const { kubo } = await startKubo();
    const bytes = content(3 * MIB + 5);
    const added = await kubo.add(pieces(bytes), OPTIONS);

    expect(added.size).toBeGreaterThan(bytes.length);
    expect((await gather(kubo.cat(added.cid))).equals(bytes)).toBe(true);
    const pins = [];
    for await (const pin of kubo.pin.ls({ type: 'recursive' })) pins.push(pin.cid.toString());
    expect(pins).toEqual([added.cid.toString()]);
    expect((await kubo.repo.stat()).numObjects).toBe(14n);
  });

  test.each([
    [0, 10],
    [262_140, 8],
    [262_144, 262_144],
    [3 * MIB, 100],
    [3 * MIB + 6, 4],
    [1, 0],
  ])('behavior: cat from %i gives %i bytes of the file', async (offset, length) => {
    const { kubo } = await startKubo();
    const bytes = content(3 * MIB + 5);
    const { cid } = await kubo.add(bytes, OPTIONS);
    const range = await gather(kubo.cat(cid, { offset, length }));
    expect(range.equals(bytes.subarray(offset, offset + length))).toBe(true);
  });

  test('behavior: cat from an offset without a length goes to the end', async () => {
    const { kubo } = await startKubo();
    const bytes = content(600_000);
    const { cid } = await kubo.add(bytes, OPTIONS);
    expect((await gather(kubo.cat(cid, { offset: 500_000 }))).equals(bytes.subarray(500_000))).toBe(true);
  });

  test('behavior: block put, get and stat', async () => {
    const { kubo } = await startKubo();
    const bytes = content(1_000);
    const cid = await kubo.block.put(bytes, { format: 'raw', mhtype: 'sha2-256', pin: true });
    expect(Buffer.from(await kubo.block.get(cid)).equals(bytes)).toBe(true);
    expect(await kubo.block.stat(cid)).toMatchObject({ size: 1_000 });
    const [pin] = await all(kubo.pin.ls({ paths: cid }));
    expect(pin?.type).toBe('recursive');
  });

  test('behavior: dag import pins the roots, or does not', async () => {
    const { kubo } = await startKubo();
    const other = await startKubo();
    const { cid } = await kubo.add(content(MIB), OPTIONS);
    const blocks = [];
    for await (const pin of kubo.pin.ls())
      blocks.push({ cid: pin.cid, bytes: await kubo.block.get(pin.cid) });

    const unpinned = await all(other.kubo.dag.import(carOf(cid, blocks), { pinRoots: false }));
    expect(unpinned).toEqual([]);
    expect(await all(other.kubo.pin.ls())).toEqual([]);
    const [imported] = await all(other.kubo.dag.import(carOf(cid, blocks)));
    expect(imported?.root.cid.toString()).toBe(cid.toString());
    expect(imported?.root.pinErrorMsg).toBe('');
    expect(await all(other.kubo.pin.ls({ type: 'recursive' }))).toHaveLength(1);
    expect(await all(other.kubo.pin.ls({ type: 'indirect' }))).toHaveLength(4);
  });

  test('behavior: a root whose tree is not whole is not pinned, and it is said', async () => {
    const { kubo } = await startKubo();
    const other = await startKubo();
    const { cid } = await kubo.add(content(MIB), OPTIONS);
    const root = { cid, bytes: await kubo.block.get(cid) };
    const [imported] = await all(other.kubo.dag.import(carOf(cid, [root])));
    expect(imported?.root.pinErrorMsg).toMatch(/could not find/);
    await expect(other.kubo.pin.add(cid)).rejects.toThrow(/could not find/);
  });

  test('behavior: pin rm, and a second one fails', async () => {
    const { kubo } = await startKubo();
    const { cid } = await kubo.add(content(10), OPTIONS);
    await kubo.pin.rm(cid);
    await expect(kubo.pin.rm(cid)).rejects.toThrow(/not pinned/);
    await expect(all(kubo.pin.ls({ paths: cid }))).rejects.toThrow(/not pinned/);
  });

  test('behavior: id and version', async () => {
    const { kubo } = await startKubo();
    const { id, addresses } = await kubo.id();
    expect(id.toString()).toMatch(/^12D3KooW/);
    expect(addresses).toEqual([]);
    expect((await kubo.version()).version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('behavior: only-hash stores nothing', async () => {
    const { kubo } = await startKubo();
    const { cid } = await kubo.add(content(10), { ...OPTIONS, onlyHash: true });
    await expect(kubo.block.get(cid)).rejects.toThrow(/could not find/);
  });

  test('error: a CID that is not here', async () => {
    const { kubo } = await startKubo();
    const absent = CID.parse('bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4');
    await expect(kubo.block.get(absent)).rejects.toThrow(/could not find/);
    await expect(gather(kubo.cat(absent))).rejects.toThrow(/could not find/);
    await expect(kubo.pin.add(absent)).rejects.toThrow(/could not find/);
  });
});

describe('paths', () => {
  const leaf = rawBlock(content(1_000));
  const inner = folderNode({ 'scan.bin': leaf });
  const top = folderNode({ folder: inner, 'other.bin': leaf });

  async function startWithFolders() {
    const { url } = await startNode();
    await rpc(url, 'dag/import', upload(await carWith([top.cid], [top, inner, leaf])));
    return url;
  }

  test('default: cat, resolve, ls and dag export', async () => {
    const url = await startWithFolders();
    const path = `/ipfs/${top.cid}/folder/scan.bin`;
    const cat = await rpc(url, `cat?arg=${path}`);
    expect(Buffer.from(await cat.arrayBuffer()).equals(leaf.bytes)).toBe(true);
    expect(await (await rpc(url, `resolve?arg=${path}`)).json()).toEqual({ Path: `/ipfs/${leaf.cid}` });
    const plain = { Target: '', Mode: 0, ModTime: '0001-01-01T00:00:00Z' };
    const ls = await rpc(url, `ls?arg=${top.cid}`);
    expect(await ls.json()).toEqual({
      Objects: [
        {
          Hash: top.cid.toString(),
          Links: [
            { Name: 'folder', Hash: inner.cid.toString(), Size: 0, Type: 1, ...plain },
            { Name: 'other.bin', Hash: leaf.cid.toString(), Size: 1_000, Type: 2, ...plain },
          ],
        },
      ],
    });
    const car = await CarReader.fromBytes(
      new Uint8Array(await (await rpc(url, `dag/export?arg=${top.cid}`)).arrayBuffer()),
    );
    const cids: string[] = [];
    for await (const cid of car.cids()) cids.push(cid.toString());
    expect(cids).toEqual([top, inner, leaf].map(({ cid }) => cid.toString()));
  });

  test.each(['nothing', 'folder/nothing', 'other.bin/below'])('error: %s is not there', async (path) => {
    const url = await startWithFolders();
    const answer = await rpc(url, `resolve?arg=${top.cid}/${path}`);
    expect([answer.status, await answer.json()]).toEqual([
      500,
      { Message: expect.stringMatching(/no link named/), Code: 0, Type: 'error' },
    ]);
  });
});

describe('rpcRoutes', () => {
  test.each([
    ['cat?arg=QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG', /CIDv0/],
    ['add?cid-version=0', /CIDv0/],
    ['block/put?format=v0', /CIDv0/],
    ['block/put?mhtype=sha3-512', /sha2-256/],
    ['add?hash=blake3', /sha2-256/],
    ['add?chunker=rabin', /chunker/],
    ['add?chunker=size-9999999', /chunker/],
    ['add?wrap-with-directory=true', /not supported/],
    ['cat', /"arg" is required/],
    ['cat?arg=../../etc/passwd', /not a path/],
    ['cat?arg=..%5C..%5Cetc', /not a CID/],
    [`cat?arg=${'b'.repeat(4_000)}`, /too long/],
    ['block/get?arg=bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4/x', /paths/],
    ['cat?arg=bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4&offset=-1', /whole number/],
    ['pin/ls?type=some', /type is/],
    ['block/put', /multipart/],
  ])('error: %s', async (command, message) => {
    const { url } = await startNode();
    const answer = await rpc(url, command);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ Message: expect.stringMatching(message), Code: 1, Type: 'error' });
  });

  test('error: a method other than POST, and an unknown command', async () => {
    const { url } = await startNode();
    const get = await fetch(`${url}/api/v0/version`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await rpc(url, 'swarm/connect')).status).toBe(404);
  });

  test('error: a block over the limit, a body over the limit, a body that is cut', async () => {
    const { url, dir } = await startNode({ maxUploadBytes: 4 * MIB });
    const block = await rpc(url, 'block/put', upload(content(MIB + 1)));
    expect([block.status, await block.json()]).toEqual([413, expect.objectContaining({ Type: 'error' })]);
    const body = await rpc(url, 'add', upload(content(6 * MIB)));
    expect(body.status).toBe(413);
    const cut = await fetch(`${url}/api/v0/add`, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nabc',
    });
    expect([cut.status, await cut.json()]).toEqual([400, expect.objectContaining({ Code: 1 })]);
    expect((await rpc(url, 'add', new FormData())).status).toBe(400);
    expect(dir).toBeTruthy();
  });

  test('error: a disk with less than the reserve takes nothing and still reads', async () => {
    const { url, dir, close } = await startNode();
    const { Hash } = JSON.parse(await (await rpc(url, 'add', upload(content(10)))).text());
    await close();
    const full = await startNode({ dir, minFreeBytes: Number.MAX_SAFE_INTEGER });
    const answer = await rpc(full.url, 'add', upload(content(10)));
    expect(answer.status).toBe(507);
    expect(await answer.json()).toMatchObject({ Message: expect.stringMatching(/no space/) });
    expect((await rpc(full.url, `cat?arg=${Hash}`)).status).toBe(200);
    expect(await (await fetch(`${full.url}/healthz`)).json()).toMatchObject({ writable: false });
  });

  test('error: a web page of another origin may not call; a listed one may', async () => {
    const { url } = await startNode({ origins: ['https://chartkey.example'] });
    const call = (origin: string) =>
      fetch(`${url}/api/v0/version`, { method: 'POST', headers: { Origin: origin } });
    expect((await call('https://evil.example')).status).toBe(403);
    expect((await call('null')).status).toBe(403);
    const listed = await call('https://chartkey.example');
    expect(listed.status).toBe(200);
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://chartkey.example');
  });
});

async function* carOf(
  root: CID,
  blocks: readonly { cid: CID; bytes: Uint8Array }[],
): AsyncGenerator<Uint8Array> {
  const { writer, out } = CarWriter.create([root]);
  const written = (async () => {
    for (const block of blocks) await writer.put(block);
    await writer.close();
  })();
  yield* out;
  await written;
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
