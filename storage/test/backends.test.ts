import { CID } from 'multiformats/cid';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Backend } from '../src/backend.ts';
import { configFrom } from '../src/config.ts';
import { embeddedBackend } from '../src/embedded-backend.ts';
import { kuboBackend } from '../src/kubo-backend.ts';
import { openNode } from '../src/node.ts';
import { KINDS, type Kind, startNodeOf } from './kinds.ts';
import { content, MIB, pieces, temporaryFolder } from './support.ts';
import { carWith, fileNode, rawBlock, type TestBlock } from './trees.ts';

const ABSENT = CID.parse('bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4');

async function openBackend(kind: Kind): Promise<Backend> {
  if (kind === 'kubo') {
    const { rpcUrl } = await startNodeOf('kubo');
    return kuboBackend({ rpcUrl, maxBlockBytes: MIB, timeoutMs: 10_000, longTimeoutMs: 60_000 });
  }
  const config = configFrom({ dir: await temporaryFolder(), minFreeBytes: 0 });
  const backend = embeddedBackend(await openNode(config), config.maxBlockBytes);
  onTestFinished(() => backend.close());
  return backend;
}

function tree(): readonly [TestBlock, TestBlock, TestBlock] {
  const leaves = [rawBlock(content(200_000)), rawBlock(content(1_000))] as const;
  return [fileNode(leaves), ...leaves];
}

async function* carsOf(...cars: readonly Uint8Array[]) {
  for (const car of cars) yield pieces(car, 10_000);
}

describe.each(KINDS)('backend: %s', (kind) => {
  test('default: what comes in parts is stored, pinned, read, unpinned and collected', async () => {
    const backend = await openBackend(kind);
    const [root, one, two] = tree();
    const parts = [await carWith([one.cid], [one]), await carWith([root.cid], [two, root])];
    await backend.store(carsOf(...parts), [root.cid]);

    expect(await backend.describe()).toMatch(/^(Kubo|embedded node) \d+\.\d+\.\d+/);
    expect(Buffer.from(await backend.read(one.cid)).equals(one.bytes)).toBe(true);
    expect([await backend.has(two.cid), await backend.isPinned(root.cid)]).toEqual([true, true]);
    await backend.collect();
    expect(await backend.has(two.cid)).toBe(true);

    expect([await backend.unpin(root.cid), await backend.unpin(root.cid)]).toEqual([true, false]);
    expect(await backend.isPinned(root.cid)).toBe(false);
    expect(await backend.collect()).toBe(3);
    expect(await backend.has(one.cid)).toBe(false);
  });

  test('error: what is absent', async () => {
    const backend = await openBackend(kind);
    await expect(backend.read(ABSENT)).rejects.toMatchObject({ fault: 'not-found' });
    expect([await backend.has(ABSENT), await backend.isPinned(ABSENT), await backend.unpin(ABSENT)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('error: a tree that is not whole is refused and not pinned', async () => {
    const backend = await openBackend(kind);
    const [root, one] = tree();
    const car = await carWith([root.cid], [root, one]);
    await expect(backend.store(carsOf(car), [root.cid])).rejects.toMatchObject({ fault: 'not-found' });
    expect(await backend.isPinned(root.cid)).toBe(false);
  });

  test.each([
    [
      'bytes that are not those of their CID',
      async ([root, one, two]: Tree) => carWith([root.cid], [root, { ...one, bytes: content(10) }, two]),
    ],
    [
      'a CAR that is cut',
      async ([root, ...rest]: Tree) => (await carWith([root.cid], [root, ...rest])).subarray(0, -1),
    ],
    ['no CAR', async () => content(1_000).fill(0xff)],
  ])('error: %s', async (_name, make) => {
    const backend = await openBackend(kind);
    const blocks = tree();
    const car = await make(blocks);
    await expect(backend.store(carsOf(car), [blocks[0].cid])).rejects.toMatchObject({
      fault: expect.stringMatching(/^(invalid|too-large)$/),
    });
    expect(await backend.isPinned(blocks[0].cid)).toBe(false);
  });
});

type Tree = ReturnType<typeof tree>;

test('error: a daemon that is not there', async () => {
  const options = { maxBlockBytes: MIB, timeoutMs: 1_000, longTimeoutMs: 1_000 };
  const backend = kuboBackend({ rpcUrl: 'http://127.0.0.1:9', ...options });
  await expect(backend.read(ABSENT)).rejects.toMatchObject({ fault: 'unavailable' });
  await expect(backend.describe()).rejects.toMatchObject({ fault: 'unavailable' });
});
