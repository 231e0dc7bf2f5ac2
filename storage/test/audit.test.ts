import { type AuditItem, auditItems, createStorageClient, putBlock, uploadBody } from '@chartkey/sdk/storage';
import { CID } from 'multiformats/cid';
import { describe, expect, test } from 'vitest';
import { KINDS, type Kind, lose, rot, startNodeOf, type TestNode } from './kinds.ts';
import { loseBlock } from './packs.ts';
import { content, MIB, pieces, rpc } from './support.ts';

async function startThree(kind: Kind) {
  const nodes = [await startNodeOf(kind), await startNodeOf('embedded'), await startNodeOf('embedded')];
  const client = createStorageClient({
    nodes,
    minReplicas: 2,
    readTimeoutMs: 10_000,
    writeTimeoutMs: 30_000,
  });
  const body = await uploadBody(client, { segments: pieces(content(3 * MIB)) });
  const envelope = await putBlock(client, content(8_200));
  const items: AuditItem[] = [
    { label: 'envelope', root: envelope },
    { label: 'body', root: body.cid, body },
  ];
  return { nodes, client, body, envelope, items, first: nodes[0] as TestNode };
}

async function someLeaf(node: TestNode, root: CID, at: number): Promise<CID> {
  const links = (await (await rpc(node.rpcUrl, `ls?arg=${root}`)).json()).Objects[0].Links;
  return CID.parse(links[at].Hash);
}

describe.each(KINDS)('auditItems with a first node of kind %s', (kind) => {
  test('default: all is well', async () => {
    const { client, items } = await startThree(kind);
    const report = await auditItems(client, items);
    expect(report).toMatchObject({ clean: true, items: 2, findings: [] });
    // The envelope, the root and twelve leaves.
    expect(report.nodes.map(({ blocks }) => blocks)).toEqual([14, 14, 14]);
  });

  test('behavior: a sample reads so many blocks of each body, and the roots; all of them finds every loss', async () => {
    const { client, items, first, body } = await startThree(kind);
    const sampled = await auditItems(client, items, { blocksPerItem: 3 });
    expect(sampled.nodes.map(({ blocks }) => blocks)).toEqual([5, 5, 5]);
    await lose(first, kind, await someLeaf(first, body.cid, 5));
    const whole = await auditItems(client, items, { blocksPerItem: 12 });
    expect(whole.findings).toMatchObject([{ finding: 'missing', node: first.gatewayUrl }]);
    for (const blocksPerItem of [0, -1, 1.5]) {
      const refused = auditItems(client, items, { blocksPerItem });
      await expect(refused).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
  });

  test('behavior: a lost block, a flipped bit and a lost pin are named, mended, and clean afterwards', async () => {
    const { client, items, first, body, envelope } = await startThree(kind);
    const lost = await someLeaf(first, body.cid, 3);
    const rotten = await someLeaf(first, body.cid, 7);
    await lose(first, kind, lost);
    await rot(first, kind, rotten);
    await rpc(first.rpcUrl, `pin/rm?arg=${envelope}`);

    const found = await auditItems(client, items);
    const about = { node: first.gatewayUrl, repaired: false };
    expect(found.clean).toBe(false);
    expect(new Set(found.findings)).toEqual(
      new Set([
        { ...about, label: 'body', cid: lost.toString(), finding: 'missing' },
        { ...about, label: 'body', cid: rotten.toString(), finding: 'corrupt' },
        { ...about, label: 'envelope', cid: envelope.toString(), finding: 'unpinned' },
      ]),
    );
    const repaired = await auditItems(client, items, { repair: true });
    expect(repaired.findings.map(({ repaired: mended }) => mended)).not.toContain(false);
    expect(await auditItems(client, items)).toMatchObject({ clean: true, findings: [] });
    expect(client.health()[0]).toMatchObject({ node: first.gatewayUrl, faults: expect.any(Number) });
  });
});

test('behavior: a node that is down is said once, and the others are audited', async () => {
  const { client, items, first } = await startThree('embedded');
  await first.close();
  const { clean, findings, nodes } = await auditItems(client, items);
  expect([clean, findings]).toEqual([false, []]);
  expect(nodes.map(({ blocks, unreachable }) => [blocks, unreachable])).toEqual([
    [0, 'unreachable'],
    [14, undefined],
    [14, undefined],
  ]);
});

test('behavior: a block that no node has is lost; a tree without its root too', async () => {
  const { client, items, nodes, body } = await startThree('embedded');
  const leaf = await someLeaf(nodes[0] as TestNode, body.cid, 0);
  for (const { dir } of nodes) await loseBlock(dir, leaf);
  const one = await auditItems(client, items, { repair: true });
  expect(one.findings).toEqual([
    { label: 'body', cid: leaf.toString(), node: '', finding: 'lost', repaired: false },
  ]);
  for (const { dir } of nodes) await loseBlock(dir, body.cid);
  const two = await auditItems(client, items);
  expect(two.findings).toContainEqual({
    label: 'body',
    cid: body.cid.toString(),
    node: '',
    finding: 'lost',
    repaired: false,
  });
});
