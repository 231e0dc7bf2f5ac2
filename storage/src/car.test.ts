import { CarWriter } from '@ipld/car/writer';
import { CID } from 'multiformats/cid';
import { create as createMultihash } from 'multiformats/hashes/digest';
import { sha256 } from 'multiformats/hashes/sha2';
import { describe, expect, test } from 'vitest';
import { content, gather, MIB, rpc, startNode, upload } from '../test/support.ts';
import { readCar } from './car.ts';

const RAW = 0x55;

async function block(bytes: Uint8Array, codec = RAW): Promise<{ cid: CID; bytes: Uint8Array }> {
  return { cid: CID.createV1(codec, await sha256.digest(bytes)), bytes };
}

async function car(blocks: readonly { cid: CID; bytes: Uint8Array }[]): Promise<Buffer> {
  const { writer, out } = CarWriter.create(blocks.slice(0, 1).map(({ cid }) => cid));
  const written = (async () => {
    for (const each of blocks) await writer.put(each);
    await writer.close();
  })();
  const bytes = await gather(out);
  await written;
  return bytes;
}

async function importCar(url: string, bytes: Uint8Array): Promise<{ status: number; message: string }> {
  const answer = await rpc(url, 'dag/import?stats=true', upload(bytes));
  return { status: answer.status, message: await answer.text() };
}

describe('readCar', () => {
  test.each([1, 7, 65_536])('default: reads what @ipld/car wrote, in pieces of %i bytes', async (size) => {
    const blocks = [await block(content(500)), await block(new Uint8Array(0)), await block(content(3_000))];
    const bytes = await car(blocks);
    const source = async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    };
    const { roots, blocks: read } = await readCar(source(), MIB);
    expect(roots.map(String)).toEqual([String(blocks[0]?.cid)]);
    const found: string[] = [];
    for await (const each of read) found.push(`${each.cid.toString()} ${each.bytes.length}`);
    expect(found).toEqual(blocks.map((each) => `${each.cid.toString()} ${each.bytes.length}`));
  });
});

describe('dag/import', () => {
  test('default: stores the blocks and counts them', async () => {
    const { url } = await startNode();
    const { status, message } = await importCar(
      url,
      await car([await block(content(100)), await block(content(200))]),
    );
    expect(status).toBe(200);
    expect(message).toContain('{"Stats":{"BlockCount":2,"BlockBytesCount":300}}');
  });

  test('error: a block whose bytes are not those of its CID', async () => {
    const { url } = await startNode();
    const { cid } = await block(content(100));
    const answer = await importCar(url, await car([{ cid, bytes: content(100) }]));
    expect(answer.status).toBe(400);
    expect(answer.message).toMatch(/do not hash/);
    expect((await rpc(url, `block/get?arg=${cid.toString()}`)).status).toBe(500);
  });

  test('error: a length of gigabytes costs neither memory nor time', async () => {
    const { url } = await startNode();
    const good = await car([await block(content(10))]);
    const huge = Buffer.concat([good, Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7f]), content(1_000)]);
    const { status, message } = await importCar(url, huge);
    expect(status).toBe(413);
    expect(message).toMatch(/longer than a block/);
    const endless = Buffer.concat([good, Buffer.alloc(64, 0xff)]);
    expect(await importCar(url, endless)).toMatchObject({ status: 400 });
    const header = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]), content(1_000)]);
    expect(await importCar(url, header)).toMatchObject({ status: 413 });
  });

  test('error: a length that is written longer than it has to be', async () => {
    const { url } = await startNode();
    const good = await car([await block(content(10))]);
    const padded = Buffer.concat([good, Buffer.from([0x8a, 0x00]), content(10)]);
    expect(await importCar(url, padded)).toMatchObject({
      status: 400,
      message: expect.stringMatching(/not a varint/),
    });
  });

  test('error: cut at every place', async () => {
    const { url } = await startNode();
    const bytes = await car([await block(content(20))]);
    const whole = await block(content(20));
    expect(whole.cid).toBeTruthy();
    // The header ends at byte 59: cut there, it is a CAR without blocks, whose root can't be pinned.
    for (const end of [0, 1, 30, 58, 60, 61, 70, 97, bytes.length - 1]) {
      expect((await importCar(url, bytes.subarray(0, end))).status, `cut at ${end}`).toBe(400);
    }
  });

  test('error: an empty section, a header that is none, CAR version 2', async () => {
    const { url } = await startNode();
    const good = await car([await block(content(10))]);
    expect(await importCar(url, Buffer.concat([good, Buffer.from([0])]))).toMatchObject({ status: 400 });
    expect(await importCar(url, Buffer.concat([Buffer.from([5]), content(5)]))).toMatchObject({
      status: 400,
    });
    const v2 = Buffer.from('0aa16776657273696f6e02', 'hex');
    expect(await importCar(url, Buffer.concat([v2, content(40)]))).toMatchObject({ status: 400 });
  });

  test.each([
    ['an unknown codec', () => block(content(10), 0x71)],
    [
      'another hash',
      async () => ({ cid: CID.createV1(RAW, createMultihash(0x00, content(10))), bytes: content(10) }),
    ],
    ['a dag-pb block that is none', () => block(content(10), 0x70)],
    ['a block over the limit', () => block(content(MIB + 1))],
  ])('error: %s', async (_name, make) => {
    const { url } = await startNode();
    const { status } = await importCar(url, await car([await make()]));
    expect([400, 413]).toContain(status);
  });
});
