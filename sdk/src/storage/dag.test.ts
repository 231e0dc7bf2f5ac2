import { exporter } from 'ipfs-unixfs-exporter';
import { importBytes, importFile } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';
import type { CID } from 'multiformats/cid';
import { describe, expect, test } from 'vitest';
import {
  bodyCid,
  digestOf,
  encodeNode,
  envelopeCid,
  LEAF_BYTES,
  levelOf,
  MAX_LINKS,
  rawCid,
  sha256,
  spanOf,
  streamDag,
} from './dag.ts';

const MIB = 1_048_576;

/** Each leaf differs, so that a swapped link would show. */
async function* body(length: number, piece = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += piece) {
    const bytes = new Uint8Array(Math.min(piece, length - at));
    new DataView(bytes.buffer).setUint8(0, (at / piece) % 251);
    if (bytes.length >= 8) new DataView(bytes.buffer).setFloat64(0, at + 1);
    yield bytes;
  }
}

async function ourBlocks(length: number, piece?: number) {
  const blocks = new Map<string, Uint8Array>();
  const root = await streamDag(body(length, piece), async ({ cid, bytes }) => {
    blocks.set(cid.toString(), bytes);
  });
  return { root, blocks };
}

async function importerBlocks(length: number) {
  const blocks = new Map<string, Uint8Array>();
  const put = async (cid: CID, bytes: unknown) => {
    if (bytes instanceof Uint8Array) blocks.set(cid.toString(), bytes);
    return cid;
  };
  const options = {
    cidVersion: 1,
    rawLeaves: true,
    reduceSingleLeafToSelf: true,
    chunker: fixedSize({ chunkSize: LEAF_BYTES }),
    layout: balanced({ maxChildrenPerNode: MAX_LINKS }),
  } as const;
  const { cid } = await importFile({ content: body(length) }, { put }, options);
  return { cid, blocks };
}

describe('streamDag', () => {
  const lengths = [
    0,
    1,
    LEAF_BYTES - 1,
    LEAF_BYTES,
    LEAF_BYTES + 1,
    5 * MIB + 17,
    MAX_LINKS * LEAF_BYTES,
    MAX_LINKS * LEAF_BYTES + 1,
    100 * MIB + 3,
  ];
  test.each(lengths)('default: %i bytes give the blocks and root of ipfs-unixfs-importer', async (length) => {
    const { root, blocks } = await ourBlocks(length);
    const theirs = await importerBlocks(length);

    expect(root.cid.toString()).toBe(theirs.cid.toString());
    expect(root.length).toBe(length);
    expect([...blocks.keys()].sort()).toEqual([...theirs.blocks.keys()].sort());
    for (const [cid, bytes] of theirs.blocks) expect(sameBytes(blocks.get(cid), bytes)).toBe(true);
  });

  test.each([1_000_003, 7_777, LEAF_BYTES])(
    'behavior: pieces of %i bytes give the same root',
    async (piece) => {
      const whole = new Uint8Array(await new Response(readable(body(3 * MIB))).arrayBuffer());
      const pieces = async function* () {
        for (let at = 0; at < whole.length; at += piece) yield whole.subarray(at, at + piece);
      };
      const root = await streamDag(pieces(), async () => undefined);
      const theirs = await importBytes(
        whole,
        { put: async (cid) => cid },
        { cidVersion: 1, rawLeaves: true, chunker: fixedSize({ chunkSize: LEAF_BYTES }) },
      );
      expect(root.cid.toString()).toBe(theirs.cid.toString());
    },
  );

  test('behavior: ipfs-unixfs-exporter reads the body back', async () => {
    const { root, blocks } = await ourBlocks(50 * MIB + 1);
    const get = async function* (cid: CID) {
      yield blocks.get(cid.toString()) ?? new Uint8Array(0);
    };
    const entry = await exporter(root.cid, { get });
    if (entry.type !== 'file') throw new Error('not a file');
    const theirs = await new Response(readable(entry.content())).arrayBuffer();
    const body50 = await new Response(readable(body(50 * MIB + 1))).arrayBuffer();
    expect(entry.size).toBe(BigInt(50 * MIB + 1));
    expect(sameBytes(new Uint8Array(theirs), new Uint8Array(body50))).toBe(true);
  });

  test('behavior: a three-level node agrees with the importer on every size', async () => {
    // 174² leaves and one more are 7.9 GB of body, so only the nodes' sizes are compared:
    // the same leaf again and again, hashed once.
    const leaf = rawCid(await sha256(new Uint8Array(LEAF_BYTES)));
    const count = MAX_LINKS * MAX_LINKS + 1;
    const theirs = await layoutOnly(leaf, count);
    expect(levelOf(count * LEAF_BYTES)).toBe(3);
    expect(await layoutOurs(leaf, count)).toBe(theirs);
  });
});

describe('bodyCid', () => {
  test('default: the length decides the codec', async () => {
    const digest = await sha256(new Uint8Array(3));
    expect(bodyCid(digest, LEAF_BYTES).code).toBe(0x55);
    expect(bodyCid(digest, LEAF_BYTES + 1).code).toBe(0x70);
    expect(digestOf(bodyCid(digest, 0))).toEqual(digest);
  });

  test('error: a length that cannot be', () => {
    expect(() => bodyCid(new Uint8Array(32), -1)).toThrow(/length/);
    expect(() => bodyCid(new Uint8Array(32), 2 ** 53)).toThrow(/length/);
    expect(() => bodyCid(new Uint8Array(31), 1)).toThrow(/32 bytes/);
  });
});

describe('envelopeCid', () => {
  test('default: the record id is the digest of a raw block', async () => {
    const recordId = await sha256(new TextEncoder().encode('hello world\n'));
    expect(envelopeCid(recordId).toString()).toBe(
      'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4',
    );
  });
});

async function layoutOurs(leaf: CID, count: number): Promise<string> {
  let level = [...Array(count).keys()].map(() => ({ cid: leaf, length: LEAF_BYTES }));
  for (let at = 1; level.length > 1; at += 1) {
    const next: typeof level = [];
    for (let i = 0; i < level.length; i += MAX_LINKS) {
      const batch = level.slice(i, i + MAX_LINKS);
      const length = batch.reduce((sum, child) => sum + child.length, 0);
      expect(length).toBeLessThanOrEqual(spanOf(at));
      const bytes = encodeNode(
        batch.map((child) => child.cid),
        length,
        at,
      );
      const digest = await sha256(bytes);
      next.push({ cid: bodyCid(digest, LEAF_BYTES + 1), length });
    }
    level = next;
  }
  return String(level[0]?.cid);
}

async function layoutOnly(leaf: CID, count: number): Promise<string> {
  const block = new Uint8Array(LEAF_BYTES);
  const source = async function* () {
    for (let i = 0; i < count; i += 1) yield block;
  };
  const { cid } = await importFile(
    { content: source() },
    { put: async (put) => put },
    {
      cidVersion: 1,
      rawLeaves: true,
      chunker: (pieces) => pieces as AsyncGenerator<Uint8Array>,
      layout: balanced({ maxChildrenPerNode: MAX_LINKS }),
      bufferImporter: async function* (file) {
        for await (const bytes of file.content) {
          yield async () => ({ cid: leaf, size: BigInt(bytes.length), block: bytes });
        }
      },
    },
  );
  return cid.toString();
}

function readable(source: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await source.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
}
