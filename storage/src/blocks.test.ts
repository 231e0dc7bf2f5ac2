import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blockFiles, content, MIB, rpc, startNode, temporaryFolder, upload } from '../test/support.ts';
import { openBlockStore } from './blocks.ts';
import { asNodeError } from './errors.ts';

async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  await writeFile(file, bytes);
}

async function addFile(url: string, bytes: Uint8Array): Promise<string> {
  return JSON.parse(await (await rpc(url, 'add', upload(bytes))).text()).Hash;
}

describe('BlockStore', () => {
  test('error: a bit flipped on disk is never served as good bytes', async () => {
    const { url, dir } = await startNode();
    const bytes = content(1_000);
    const cid = await addFile(url, bytes);
    for (const file of await blockFiles(dir)) await flipBit(file);

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
    for (const file of await blockFiles(dir)) await flipBit(file);
    expect(await addFile(url, bytes)).toBe(cid);
    const answer = await rpc(url, `cat?arg=${cid}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test('error: rot in the middle of a file breaks the answer off, it does not shorten it', async () => {
    const { url, dir } = await startNode();
    const bytes = content(4 * MIB);
    const cid = await addFile(url, bytes);
    const tail = bytes.subarray(3 * MIB, 3 * MIB + 262_144);
    for (const file of await blockFiles(dir)) {
      if ((await readFile(file)).equals(tail)) await flipBit(file);
    }
    const read = rpc(url, `cat?arg=${cid}`).then((answer) => answer.arrayBuffer());
    await expect(read).rejects.toThrow();
    const car = fetch(`${url}/ipfs/${cid}?format=car`).then((answer) => answer.arrayBuffer());
    await expect(car).rejects.toThrow();
  });

  test('behavior: what an interrupted write left behind is cleared', async () => {
    const dir = await temporaryFolder();
    const limits = { maxBlockBytes: MIB, minFreeBytes: 0 };
    await openBlockStore(dir, limits);
    await writeFile(join(dir, 'tmp', '7'), 'half');
    const store = await openBlockStore(dir, limits);
    await expect(readFile(join(dir, 'tmp', '7'))).rejects.toThrow(/ENOENT/);
    expect(await store.stat()).toMatchObject({ blocks: 0, bytes: 0 });
  });

  test.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('error: %s is told as a full disk', (code) => {
    const error = asNodeError(Object.assign(new Error(code), { code }));
    expect(error).toMatchObject({ name: 'NodeError', fault: 'full' });
  });
});
