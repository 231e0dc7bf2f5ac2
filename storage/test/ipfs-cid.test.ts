import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createStorageClient, uploadBody } from '@chartkey/sdk/storage';
import { code as DAG_PB, decode, encode, prepare } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';
import { describe, expect, test } from 'vitest';
import { content, pieces, rpc, startNode, temporaryFolder, upload } from './support.ts';

const run = promisify(execFile);

describe("Debian's ipfs-cid, written in Rust", () => {
  test('behavior: gives a file of one leaf the CID that the embedded node does', async () => {
    const bytes = content(262_144);
    const named = await namedByIpfsCid(bytes);
    if (named === undefined) return;
    const { url } = await startNode();
    // It knows no raw leaves.
    const added = await rpc(url, 'add?only-hash=true&raw-leaves=false', upload(bytes));
    const cid = CID.parse(JSON.parse(await added.text()).Hash);
    expect(named.v1).toBe(cid.toString());
  });

  // A full node of links, and one leaf more, which needs a node above it.
  test.each([2, 174, 175])('behavior: finds the tree that a body of %i leaves has', async (leaves) => {
    const bytes = content((leaves - 1) * 262_144 + 1);
    const named = await namedByIpfsCid(bytes);
    if (named === undefined) return;
    const { url } = await startNode();
    const client = createStorageClient({ nodes: [{ rpcUrl: url, gatewayUrl: url }] });
    const { cid } = await uploadBody(client, { segments: pieces(bytes) });
    const get = async (one: CID) =>
      new Uint8Array(await (await rpc(url, `block/get?arg=${one}`)).arrayBuffer());
    expect((await inOldForm(cid, get)).cid.toString()).toBe(named.v0);
  });
});

/** It takes a file and no option. */
async function namedByIpfsCid(bytes: Uint8Array): Promise<{ v0: string; v1: string } | undefined> {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, bytes);
  const told = await run('ipfs_cid', [file]).catch(() => undefined);
  if (told === undefined) {
    console.warn('LEFT OUT: the comparison with ipfs-cid, which is not installed');
    return undefined;
  }
  const { CIDv0, CIDv1 } = JSON.parse(/\{.*\}/.exec(told.stdout)?.[0] ?? '{}');
  return { v0: CIDv0, v1: CIDv1 };
}

/**
 * A stored tree as it was made before CIDv1: the same leaves and nodes, linked by CIDv0, each leaf
 * with a UnixFS frame around its bytes. It is the only form that ipfs-cid knows.
 */
async function inOldForm(
  cid: CID,
  get: (cid: CID) => Promise<Uint8Array>,
): Promise<{ cid: CID; treeBytes: number }> {
  const bytes = await get(cid);
  const isLeaf = cid.code !== DAG_PB;
  const { Data, Links } = isLeaf ? leafNode(bytes) : decode(bytes);
  const children: { cid: CID; treeBytes: number }[] = [];
  for (const { Hash } of Links) children.push(await inOldForm(Hash, get));
  const links = children.map((child) => ({ Name: '', Hash: child.cid, Tsize: child.treeBytes }));
  const block = encode(prepare({ ...(Data && { Data }), Links: links }));
  const treeBytes = children.reduce((sum, child) => sum + child.treeBytes, block.length);
  return { cid: CID.createV0(await sha256.digest(block)), treeBytes };
}

function leafNode(data: Uint8Array) {
  return prepare({ Data: new UnixFS({ type: 'file', data }).marshal(), Links: [] });
}
