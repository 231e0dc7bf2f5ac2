import type { CID } from 'multiformats/cid';
import { parseNode, RAW } from './cid.ts';
import { entityBlocks, kindOf } from './entity.ts';
import { invalid, NodeError } from './errors.ts';
import type { BlockNode } from './node.ts';
import { parsePath, resolvePath } from './path.ts';
import { type Call, MAX_ARGUMENTS, textOf } from './rpc-query.ts';
import { fileLength } from './unixfs.ts';

/** What the one path of a request leads to. */
export async function resolved(c: Call, node: BlockNode): Promise<CID> {
  const { cid } = await resolvePath(node.blocks, parsePath(textOf(c)));
  return cid;
}

export async function resolve(c: Call, node: BlockNode): Promise<Response> {
  return c.json({ Path: `/ipfs/${(await resolved(c, node)).toString()}` });
}

/** Entries of folders; of a file, as in Kubo, the pieces that it is linked from. */
export async function ls(c: Call, node: BlockNode): Promise<Response> {
  const texts = c.req.queries('arg') ?? [];
  if (texts.length === 0) throw invalid('argument "arg" is required');
  if (texts.length > MAX_ARGUMENTS) throw new NodeError('too-large', `at most ${MAX_ARGUMENTS} arguments`);
  const objects: unknown[] = [];
  for (const text of texts) {
    const { cid } = await resolvePath(node.blocks, parsePath(text));
    objects.push({ Hash: text, Links: await entriesOf(node, cid) });
  }
  return c.json({ Objects: objects });
}

type Entry = {
  readonly Name: string;
  readonly Hash: string;
  readonly Size: number;
  readonly Type: number;
  readonly Target: string;
  readonly Mode: number;
  readonly ModTime: string;
};

/** Neither is kept here; Kubo says it so. */
const NO_ATTRIBUTES = { Target: '', Mode: 0, ModTime: '0001-01-01T00:00:00Z' };

/** As in UnixFS. */
const FOLDER = 1;
const FILE = 2;

async function entriesOf(node: BlockNode, cid: CID): Promise<Entry[]> {
  const entries: Entry[] = [];
  if (cid.code === RAW) return entries;
  const folder = await isFolder(node, cid);
  const own = { cid, bytes: await node.blocks.get(cid) };
  for await (const { bytes } of folder ? entityBlocks(node.blocks, cid, undefined) : [own]) {
    for (const { Name = '', Hash } of parseNode(bytes).Links) {
      const name = nameOf(bytes, Name);
      if (name !== undefined) entries.push(await entryOf(node, name, Hash));
    }
  }
  return entries;
}

async function entryOf(node: BlockNode, Name: string, cid: CID): Promise<Entry> {
  const folder = cid.code !== RAW && (await isFolder(node, cid));
  const Size = folder ? 0 : await fileLength(node.blocks, cid);
  return { Name, Hash: cid.toString(), Size, Type: folder ? FOLDER : FILE, ...NO_ATTRIBUTES };
}

/** In a shard two digits come before the name; a link with those alone leads to another shard. */
function nameOf(folder: Uint8Array, link: string): string | undefined {
  if (kindOf(folder) !== 'hamt-sharded-directory') return link;
  return link.length > 2 ? link.slice(2) : undefined;
}

async function isFolder(node: BlockNode, cid: CID): Promise<boolean> {
  return kindOf(await node.blocks.get(cid))?.endsWith('directory') ?? false;
}
