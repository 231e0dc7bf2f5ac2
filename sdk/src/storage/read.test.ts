import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { encode } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createStorageClient, type StorageClient } from './client.ts';
import { bodyCid, encodeNode, LEAF_BYTES, levelOf, rawCid, sha256, streamDag } from './dag.ts';
import { readBlock, readBody, readRange } from './read.ts';

const MIB = 1_048_576;
type Answer = (request: IncomingMessage, response: ServerResponse, block: Uint8Array | undefined) => void;
type Blocks = Map<string, Uint8Array>;

/** A gateway that answers as it is told; how honest, each test decides. */
async function startGateway(blocks: Blocks, answer: Answer): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const cid = /\/ipfs\/(\w+)/.exec(request.url ?? '')?.[1] ?? '';
    asked.push(request.url ?? '');
    answer(request, response, blocks.get(cid));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, asked };
}

const honest: Answer = (_request, response, block) => {
  response.statusCode = block === undefined ? 404 : 200;
  response.end(block);
};
const lying: Answer = (_request, response, block) => {
  const wrong = Buffer.from(block ?? []);
  if (wrong.length > 0) wrong.writeUInt8(wrong.readUInt8(0) ^ 1, 0);
  response.end(wrong);
};
const cutting: Answer = (_request, response, block) => response.end(block?.subarray(0, block.length - 1));
const breaking: Answer = (_request, response, block) => {
  response.setHeader('Content-Length', block?.length ?? 0);
  response.write(block?.subarray(0, 5), () => response.destroy());
};
const endless: Answer = (_request, response) => {
  const more = () => {
    if (!response.destroyed) response.write(new Uint8Array(65_536), more);
  };
  more();
};
const absent: Answer = (_request, response) => response.writeHead(404).end();
const refusing: Answer = (_request, response) => response.writeHead(403).end();
const silent: Answer = () => undefined;
const dripping: Answer = (_request, response) => {
  const timer = setInterval(() => response.write('.'), 20);
  response.on('close', () => clearInterval(timer));
};
const redirecting =
  (to: string): Answer =>
  (request, response) =>
    response.writeHead(302, { Location: `${to}${request.url}` }).end();

function clientOf(urls: readonly string[], options: { readTimeoutMs?: number } = {}): StorageClient {
  const nodes = urls.map((url) => ({ rpcUrl: url, gatewayUrl: url }));
  return createStorageClient({ nodes, ...options });
}

async function storedBody(length: number) {
  const body = crypto.getRandomValues(new Uint8Array(Math.min(length, 65_536)));
  const whole = new Uint8Array(length);
  for (let at = 0; at < length; at += body.length) whole.set(body.subarray(0, length - at), at);
  for (let at = 0; at < length; at += LEAF_BYTES) whole.set([at / LEAF_BYTES], at);
  const blocks: Blocks = new Map();
  const source = async function* () {
    yield whole;
  };
  const { digest } = await streamDag(
    source(),
    async ({ cid, bytes }) => void blocks.set(cid.toString(), bytes),
  );
  return { body: whole, blocks, digest };
}

async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('readBlock', () => {
  const bytes = new TextEncoder().encode('ciphertext');
  const stored = async () => {
    const cid = rawCid(await sha256(bytes));
    return { cid, blocks: new Map([[cid.toString(), bytes]]) };
  };

  test('default: the bytes, asked for raw', async () => {
    const { cid, blocks } = await stored();
    const { url, asked } = await startGateway(blocks, honest);
    expect(await readBlock(clientOf([`${url}/a/prefix/`]), cid)).toEqual(bytes);
    expect(asked).toEqual([`/a/prefix/ipfs/${cid.toString()}?format=raw`]);
  });

  test.each([
    ['lying', lying, 'wrong-bytes', 'STORAGE_WRONG_BYTES', /answered with wrong bytes/],
    ['cutting', cutting, 'wrong-bytes', 'STORAGE_WRONG_BYTES', /wrong bytes/],
    ['endless', endless, 'wrong-bytes', 'STORAGE_WRONG_BYTES', /wrong bytes/],
    ['breaking', breaking, 'unreachable', 'STORAGE_UNREACHABLE', /is unreachable/],
    ['absent', absent, 'not-found', 'STORAGE_NOT_FOUND', /does not have them/],
    ['refusing', refusing, 'refused', 'STORAGE_REFUSED', /refused/],
    ['silent', silent, 'timed-out', 'STORAGE_UNREACHABLE', /did not answer in time/],
    ['dripping', dripping, 'timed-out', 'STORAGE_UNREACHABLE', /did not answer in time/],
    ['redirecting', redirecting('http://127.0.0.1:1'), 'unreachable', 'STORAGE_UNREACHABLE', /unreachable/],
  ] as const)(
    'behavior: a node that is %s is skipped, reported, and asked last',
    async (_name, answer, fault, code, says) => {
      const { cid, blocks } = await stored();
      const good = await startGateway(blocks, honest);
      const bad = await startGateway(blocks, answer);
      const client = clientOf([bad.url, good.url], { readTimeoutMs: 400 });

      expect(await readBlock(client, cid)).toEqual(bytes);
      expect(await readBlock(client, cid)).toEqual(bytes);
      expect(bad.asked).toHaveLength(1);
      expect(client.health()).toEqual([
        { node: bad.url, faults: 1, lastFault: fault },
        { node: good.url, faults: 0, lastFault: undefined },
      ]);
      const alone = readBlock(clientOf([bad.url], { readTimeoutMs: 400 }), cid);
      await expect(alone).rejects.toMatchObject({
        name: 'StorageError',
        code,
        message: expect.stringMatching(says),
      });
    },
  );

  test('behavior: a redirect is not followed, so no third party learns what is read', async () => {
    const { cid, blocks } = await stored();
    const third = await startGateway(blocks, honest);
    const bad = await startGateway(blocks, redirecting(third.url));
    await expect(readBlock(clientOf([bad.url]), cid)).rejects.toMatchObject({ code: 'STORAGE_UNREACHABLE' });
    expect(third.asked).toEqual([]);
  });

  test('error: all failed: each node is named with what it did, and a lie outranks a loss', async () => {
    const { cid, blocks } = await stored();
    const [one, two] = [await startGateway(blocks, absent), await startGateway(blocks, lying)];
    const error = await readBlock(clientOf([one.url, two.url, 'http://127.0.0.1:1']), cid).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: 'STORAGE_WRONG_BYTES', retryable: false });
    expect(String(error)).toContain(
      `${one.url} does not have them; ${two.url} answered with wrong bytes; http://127.0.0.1:1 is unreachable`,
    );
  });

  test('error: one lacks it, one is down: not lost, and worth another try', async () => {
    const { cid, blocks } = await stored();
    const one = await startGateway(blocks, absent);
    const reading = readBlock(clientOf([one.url, 'http://127.0.0.1:1']), cid);
    await expect(reading).rejects.toMatchObject({ code: 'STORAGE_UNREACHABLE', retryable: true });
  });

  test('error: cancelled, and the node is not blamed', async () => {
    const { cid, blocks } = await stored();
    const { url } = await startGateway(blocks, silent);
    const client = clientOf([url]);
    await expect(readBlock(client, cid, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(client.health()).toEqual([{ node: url, faults: 0, lastFault: undefined }]);
  });
});

describe('readBody', () => {
  test.each([0, 1, LEAF_BYTES, LEAF_BYTES + 1, 5 * MIB + 17, 48 * MIB])(
    'default: %i bytes in order',
    async (length) => {
      const { body, blocks, digest } = await storedBody(length);
      const { url } = await startGateway(blocks, honest);
      let done = 0;
      const read = await gather(
        readBody(clientOf([url]), { digest, length, onProgress: (bytes) => (done = bytes) }),
      );
      expect(read.equals(body)).toBe(true);
      expect(done).toBe(length);
    },
  );

  test('behavior: one node lies, one is down, one is good: the right bytes', async () => {
    const { body, blocks, digest } = await storedBody(5 * MIB);
    const liar = await startGateway(blocks, lying);
    const good = await startGateway(blocks, honest);
    const client = clientOf([liar.url, 'http://127.0.0.1:1', good.url]);
    expect((await gather(readBody(client, { digest, length: 5 * MIB }))).equals(body)).toBe(true);
    expect(client.readingOrder()[0]?.label).toBe(good.url);
  });

  test('behavior: a reader that stops early leaves no request behind', async () => {
    const { blocks, digest } = await storedBody(20 * MIB);
    const { url, asked } = await startGateway(blocks, honest);
    for await (const leaf of readBody(clientOf([url]), { digest, length: 20 * MIB })) {
      expect(leaf.length).toBe(LEAF_BYTES);
      break;
    }
    expect(asked.length).toBeLessThan(12);
  });

  test.each([
    ['shorter by one byte', -1],
    ['longer by one byte', 1],
    ['shorter by a leaf', -LEAF_BYTES],
    ['longer by a leaf', LEAF_BYTES],
  ])('error: a length that is %s than the tree', async (_name, by) => {
    const { blocks, digest } = await storedBody(3 * MIB);
    const { url } = await startGateway(blocks, honest);
    const client = clientOf([url]);
    const reading = gather(readBody(client, { digest, length: 3 * MIB + by }));
    await expect(reading).rejects.toMatchObject({
      code: 'STORAGE_WRONG_BYTES',
      message: expect.stringMatching(/tree/),
    });
    expect(client.health()[0]?.faults).toBe(0);
  });

  test('error: a tree whose sizes lie, though every digest is right', async () => {
    const leaf = new Uint8Array(100);
    const cid = rawCid(await sha256(leaf));
    // Two leaves of 100 bytes in a node that says 262,144 and 100.
    const length = LEAF_BYTES + 100;
    const node = encodeNode([cid, cid], length, levelOf(length));
    const digest = await sha256(node);
    const blocks: Blocks = new Map([
      [cid.toString(), leaf],
      [bodyCid(digest, length).toString(), node],
    ]);
    const { url } = await startGateway(blocks, honest);
    await expect(gather(readBody(clientOf([url]), { digest, length }))).rejects.toMatchObject({
      code: 'STORAGE_WRONG_BYTES',
    });
  });

  test.each([
    ['a link size', { tsize: 1, inline: 0, name: '' }],
    ['bytes in the node itself', { tsize: 0, inline: 1, name: '' }],
    ['a name on a link', { tsize: 0, inline: 0, name: 'x' }],
  ])('error: a node with %s that does not belong there, though its digest is right', async (_what, odd) => {
    const length = LEAF_BYTES + 100;
    const leaves = [new Uint8Array(LEAF_BYTES), new Uint8Array(100)];
    const blocks: Blocks = new Map();
    const links = [];
    for (const leaf of leaves) {
      const cid = rawCid(await sha256(leaf));
      blocks.set(cid.toString(), leaf);
      links.push({ Name: odd.name, Hash: cid, Tsize: leaf.length + odd.tsize });
    }
    const file = new UnixFS({ type: 'file', blockSizes: leaves.map((leaf) => BigInt(leaf.length)) });
    if (odd.inline > 0) file.data = new Uint8Array(odd.inline);
    const node = encode({ Data: file.marshal(), Links: links });
    const digest = await sha256(node);
    blocks.set(bodyCid(digest, length).toString(), node);
    const { url } = await startGateway(blocks, honest);
    const reading = gather(readBody(clientOf([url]), { digest, length }));
    await expect(reading).rejects.toMatchObject({
      code: 'STORAGE_WRONG_BYTES',
      message: expect.stringMatching(/tree/),
    });
  });

  test('error: cancelled in the middle', async () => {
    const { blocks, digest } = await storedBody(8 * MIB);
    const { url } = await startGateway(blocks, honest);
    const stop = new AbortController();
    const reading = (async () => {
      for await (const _leaf of readBody(clientOf([url]), { digest, length: 8 * MIB, signal: stop.signal }))
        stop.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('readRange', () => {
  test.each([
    [0, 0],
    [0, 1],
    [LEAF_BYTES - 1, 2],
    [3 * LEAF_BYTES, LEAF_BYTES],
    [100, 5 * MIB],
    [47 * MIB, MIB + 17],
    [48 * MIB + 17, 0],
  ])('default: from %i, %i bytes', async (offset, count) => {
    const length = 48 * MIB + 17;
    const { body, blocks, digest } = await storedBody(length);
    const { url, asked } = await startGateway(blocks, honest);
    const range = await readRange(clientOf([url]), { digest, length, offset, count });
    expect(Buffer.from(range).equals(body.subarray(offset, offset + count))).toBe(true);
    expect(asked.length).toBeLessThanOrEqual(Math.ceil(count / LEAF_BYTES) + 4);
  });

  test('error: a range beyond the end, or too long', async () => {
    const client = clientOf(['http://127.0.0.1:1']);
    const digest = new Uint8Array(32);
    const read = (offset: number, count: number) =>
      readRange(client, { digest, length: 2 ** 40, offset, count });
    await expect(read(2 ** 40, 1)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(read(-1, 1)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(read(0, 65 * MIB)).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' });
  });
});
