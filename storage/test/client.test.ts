import { once } from 'node:events';
import { createServer } from 'node:http';
import {
  bodyCid,
  collectGarbage,
  createStorageClient,
  envelopeCid,
  LEAF_BYTES,
  putBlock,
  readBlock,
  readBody,
  readRange,
  unpin,
  uploadBody,
} from '@chartkey/sdk/storage';
import { create } from 'kubo-rpc-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sectionsIn } from './packs.ts';
import { content, gather, MIB, pieces, rpc, startNode } from './support.ts';

function clientOf(urls: readonly string[], minReplicas?: number) {
  const nodes = urls.map((url) => ({ rpcUrl: url, gatewayUrl: url }));
  return createStorageClient({ nodes, minReplicas, writeTimeoutMs: 30_000 });
}

/** A proxy before a node, which may do harm to what passes. */
async function startProxy(target: string, spoil: (path: string) => Response | undefined): Promise<string> {
  const server = createServer(async (request, response) => {
    const spoilt = spoil(request.url ?? '');
    const init: RequestInit & { duplex: 'half' } = { method: request.method ?? 'GET', duplex: 'half' };
    if (request.method === 'POST') init.body = new Uint8Array(await gather(request));
    const type = request.headers['content-type'];
    if (type !== undefined) init.headers = { 'Content-Type': type };
    const answer = spoilt ?? (await fetch(`${target}${request.url}`, init));
    response.writeHead(answer.status).end(new Uint8Array(await answer.arrayBuffer()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe('uploadBody', () => {
  test.each([0, 1, LEAF_BYTES, LEAF_BYTES + 1, 5 * MIB + 17, 48 * MIB + 3])(
    'default: %i bytes are stored, pinned, and read back the same',
    async (length) => {
      const { url } = await startNode();
      const client = clientOf([url]);
      const bytes = content(length);
      let done = 0;
      const stored = await uploadBody(client, { segments: pieces(bytes), onProgress: (now) => (done = now) });

      expect(stored).toMatchObject({ length, replicas: [url] });
      expect(stored.cid.toString()).toBe(bodyCid(stored.digest, length).toString());
      expect(done).toBe(length);
      expect((await gather(readBody(client, stored))).equals(bytes)).toBe(true);
      expect((await rpc(url, `pin/ls?arg=${stored.cid.toString()}&type=recursive`)).status).toBe(200);
      // Another program's idea of the same file.
      const kubo = create({ url: `${url}/api/v0` });
      expect((await gather(kubo.cat(stored.cid.toString()))).equals(bytes)).toBe(true);
      const added = await kubo.add(bytes, {
        cidVersion: 1,
        rawLeaves: true,
        chunker: 'size-262144',
        onlyHash: true,
      });
      expect(added.cid.toString()).toBe(stored.cid.toString());
    },
  );

  test('behavior: a ReadableStream of small pieces; a range of it', async () => {
    const { url } = await startNode();
    const client = clientOf([url]);
    const bytes = content(2 * MIB);
    const stored = await uploadBody(client, { segments: new Blob([new Uint8Array(bytes)]).stream() });
    const range = await readRange(client, { ...stored, offset: MIB - 5, count: 10 });
    expect(Buffer.from(range).equals(bytes.subarray(MIB - 5, MIB + 5))).toBe(true);
  });

  test('behavior: every node gets it; with one of two down, one replica is enough if so configured', async () => {
    const [one, two] = [await startNode(), await startNode()];
    const bytes = content(MIB);
    const both = await uploadBody(clientOf([one.url, two.url]), { segments: pieces(bytes) });
    expect(both.replicas).toEqual([one.url, two.url]);
    await two.close();
    const client = clientOf([two.url, one.url], 1);
    const stored = await uploadBody(client, { segments: pieces(content(MIB)) });
    expect(stored.replicas).toEqual([one.url]);
    expect(client.health()[0]).toMatchObject({ node: two.url, lastFault: 'unreachable' });
    const strict = uploadBody(clientOf([two.url, one.url]), { segments: pieces(content(MIB)) });
    await expect(strict).rejects.toMatchObject({
      code: 'STORAGE_UNREACHABLE',
      message: expect.stringContaining(two.url),
    });
  });

  test('behavior: a hiccup of the line is tried again', async () => {
    const { url } = await startNode();
    let hiccups = 1;
    const proxy = await startProxy(url, (path) =>
      path.includes('dag/import') && hiccups-- > 0 ? new Response(null, { status: 503 }) : undefined,
    );
    const stored = await uploadBody(clientOf([proxy]), { segments: pieces(content(MIB)) });
    expect(stored.replicas).toEqual([proxy]);
  });

  test.each([
    [
      'says yes and keeps nothing',
      'dag/import',
      () => Response.json({ Stats: { BlockCount: 5 } }),
      'STORAGE_REFUSED',
    ],
    [
      'took fewer blocks than were sent',
      'dag/import',
      () => Response.json({ Stats: { BlockCount: 4 } }),
      'STORAGE_REFUSED',
    ],
    ['answers nothing', 'dag/import', () => new Response(''), 'STORAGE_REFUSED'],
    ['did not pin', 'pin/add', () => Response.json({ Pins: [] }), 'STORAGE_REFUSED'],
    ['gives other bytes back', '/ipfs/', () => new Response('other'), 'STORAGE_WRONG_BYTES'],
    ['has lost it at once', '/ipfs/', () => new Response(null, { status: 404 }), 'STORAGE_NOT_STORED'],
    ['is full', 'dag/import', () => new Response(null, { status: 507 }), 'STORAGE_FULL'],
  ])('error: a node that %s', async (_name, where, answer, code) => {
    const { url } = await startNode();
    const proxy = await startProxy(url, (path) => (path.includes(where) ? answer() : undefined));
    const uploading = uploadBody(clientOf([proxy]), { segments: pieces(content(MIB)) });
    await expect(uploading).rejects.toMatchObject({
      name: 'StorageError',
      code,
      message: expect.stringContaining(proxy),
    });
  });

  test('error: cancelled, and a source that fails: nothing is pinned, the reason is told', async () => {
    const { url } = await startNode();
    const stop = new AbortController();
    const cancelled = uploadBody(clientOf([url]), {
      segments: pieces(content(40 * MIB)),
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    const failing = async function* () {
      yield* pieces(content(20 * MIB));
      throw new Error('the file went away');
    };
    await expect(uploadBody(clientOf([url]), { segments: failing() })).rejects.toThrow('the file went away');
    expect(await (await rpc(url, 'pin/ls')).json()).toEqual({ Keys: {} });
  });

  test('behavior: memory stays flat for 64 MiB and for 256 MiB, up and down', async () => {
    const { url } = await startNode();
    const client = clientOf([url]);
    const roundTrip = async (length: number): Promise<number> => {
      let peak = 0;
      const look = () => {
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        peak = Math.max(peak, heapUsed + arrayBuffers);
      };
      const segments = async function* () {
        for (let at = 0; at < length; at += LEAF_BYTES) {
          look();
          yield content(LEAF_BYTES);
        }
      };
      const stored = await uploadBody(client, { segments: segments() });
      for await (const _leaf of readBody(client, stored)) look();
      return peak;
    };
    const small = await roundTrip(64 * MIB);
    const large = await roundTrip(256 * MIB);
    console.log(
      `client and node in one process: peak ${small >> 20} MiB with 64 MiB, ${large >> 20} MiB with 256 MiB`,
    );
    expect(large - small).toBeLessThan(96 * MIB);
  });
});

test('behavior: segments that are filled anew after each was handed over are stored as they were', async () => {
  const client = clientOf([(await startNode()).url]);
  const bytes = content(20 * MIB + 5);
  const inOnePlace = async function* () {
    const place = new Uint8Array(262_144);
    for await (const piece of pieces(bytes)) {
      place.set(piece);
      yield place.subarray(0, piece.length);
      place.fill(0);
    }
  };
  const stored = await uploadBody(client, { segments: inOnePlace() });
  expect((await gather(readBody(client, stored))).equals(bytes)).toBe(true);
});

describe('unpin, collectGarbage', () => {
  test('default: the body is gone from every node; a node that is down is said', async () => {
    const [one, two] = [await startNode(), await startNode()];
    const client = clientOf([one.url, two.url]);
    const bytes = content(MIB);
    const stored = await uploadBody(client, { segments: pieces(bytes) });
    expect(await unpin(client, stored.cid)).toEqual([
      { node: one.url, outcome: 'unpinned' },
      { node: two.url, outcome: 'unpinned' },
    ]);
    expect((await gather(readBody(client, stored))).equals(bytes)).toBe(true);
    await two.close();
    expect(await collectGarbage(client)).toEqual([
      { node: one.url, outcome: 'collected' },
      { node: two.url, outcome: 'unreachable' },
    ]);
    expect((await unpin(client, stored.cid))[0]).toEqual({ node: one.url, outcome: 'was-not-pinned' });
    expect(await sectionsIn(one.dir)).toEqual([]);
    await expect(gather(readBody(client, stored))).rejects.toMatchObject({ code: 'STORAGE_UNREACHABLE' });
  });
});

describe('putBlock', () => {
  test('default: one raw pinned block, whose digest is the record id', async () => {
    const { url, dir } = await startNode();
    const client = clientOf([url]);
    const envelope = content(8_200);
    const cid = await putBlock(client, envelope);
    expect(cid.toString()).toBe(envelopeCid(cid.multihash.digest).toString());
    expect(Buffer.from(await readBlock(client, cid)).equals(envelope)).toBe(true);
    expect((await rpc(url, `pin/ls?arg=${cid.toString()}&type=recursive`)).status).toBe(200);
    expect(await sectionsIn(dir)).toHaveLength(1);
  });

  test('error: over 1 MiB', async () => {
    const putting = putBlock(clientOf(['http://127.0.0.1:1']), content(MIB + 1));
    await expect(putting).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' });
  });
});
