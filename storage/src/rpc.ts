import { Hono } from 'hono';
import type { CID } from 'multiformats/cid';
import { rpcError, streamed } from './answers.ts';
import type { BlockBatch } from './blocks.ts';
import { giveBack } from './buffers.ts';
import { carHeader, readCar, sectionHeader } from './car.ts';
import type { Block } from './cid.ts';
import type { StorageConfig } from './config.ts';
import { invalid, NodeError } from './errors.ts';
import { eachPart, type Part } from './multipart.ts';
import { ndjson } from './ndjson.ts';
import type { BlockNode } from './node.ts';
import { ls, resolve, resolved } from './rpc-paths.ts';
import { pinAdd, pinAll, pinLs, pinRm } from './rpc-pins.ts';
import { argument, type Call, codecOf, type Env, flag, refuse, whole } from './rpc-query.ts';
import { repoGc, repoStat, repoVerify } from './rpc-repo.ts';
import { type AddOptions, addFile, catFile, fileLength } from './unixfs.ts';
import { VERSION } from './version.ts';

/**
 * The part of Kubo's RPC (https://docs.ipfs.tech/reference/kubo/rpc/) that stores and reads
 * bytes. An option that would change what is stored and is not supported is refused; the
 * others are ignored.
 */
export function rpcRoutes(node: BlockNode, config: StorageConfig): Hono<Env> {
  const app = new Hono<Env>();
  app.post('/version', (c) =>
    c.json({ Version: VERSION, Commit: '', Repo: '1', System: 'embedded', Golang: '' }),
  );
  app.post('/id', (c) => c.json(identity(node)));
  app.post('/add', (c) => add(c, node, config));
  app.post('/cat', (c) => cat(c, node));
  app.post('/block/get', (c) => blockGet(c, node));
  app.post('/block/put', (c) => blockPut(c, node, config));
  app.post('/block/stat', (c) => blockStat(c, node));
  app.post('/dag/import', (c) => dagImport(c, node, config));
  app.post('/pin/add', (c) => pinAdd(c, node));
  app.post('/pin/ls', (c) => pinLs(c, node));
  app.post('/pin/rm', (c) => pinRm(c, node));
  app.post('/dag/export', (c) => dagExport(c, node));
  app.post('/ls', (c) => ls(c, node));
  app.post('/resolve', (c) => resolve(c, node));
  app.post('/repo/stat', (c) => repoStat(c, node));
  app.post('/repo/gc', (c) => repoGc(c, node));
  app.post('/repo/verify', (c) => repoVerify(c, node));
  // Kubo takes POST alone: a link or an image in a web page can't make one.
  app.on(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'], '*', (c) => {
    c.header('Allow', 'POST');
    return c.json({ Message: 'method not allowed: use POST', Code: 1, Type: 'error' }, 405);
  });
  app.notFound((c) => c.json({ Message: 'command not found', Code: 1, Type: 'error' }, 404));
  app.onError((error) => rpcError(error));
  return app;
}

async function add(c: Call, node: BlockNode, config: StorageConfig): Promise<Response> {
  const options = addOptions(c, config);
  refuse(c, ['trickle', 'nocopy', 'inline', 'wrap-with-directory', 'preserve-mode', 'preserve-mtime']);
  if (flag(c, 'only-hash', false)) return ndjson((await addFiles(c, config, options, undefined)).lines);
  const pinned = flag(c, 'pin', true);
  let lines: readonly unknown[] = [];
  await node.importing(async (batch) => {
    const added = await addFiles(c, config, options, batch);
    await batch.commit();
    lines = added.lines;
    if (pinned) await pinAll(node, added.roots, c.req.query('pin-name'));
    return pinned ? 'pinned' : 'unpinned';
  });
  return ndjson(lines);
}

async function addFiles(c: Call, config: StorageConfig, options: AddOptions, batch: BlockBatch | undefined) {
  const lines: unknown[] = [];
  const roots: CID[] = [];
  await eachPart(c.env.incoming, config.maxUploadBytes, async ({ name, content }) => {
    const { cid, treeBytes, fileBytes } = await addFile(content, batch, options);
    roots.push(cid);
    if (flag(c, 'progress', false)) lines.push({ Name: name, Bytes: Number(fileBytes) });
    lines.push({ Name: name === '' ? cid.toString() : name, Hash: cid.toString(), Size: String(treeBytes) });
  });
  return { lines, roots };
}

function addOptions(c: Call, config: StorageConfig): AddOptions {
  if (whole(c, 'cid-version', 1) !== 1) throw invalid('CIDv0 is not accepted: use cid-version=1');
  if (!['sha2-256', undefined].includes(c.req.query('hash'))) throw invalid('only sha2-256 is accepted');
  const chunker = c.req.query('chunker') ?? 'size-262144';
  const chunkBytes = Number(/^size-(\d{1,7})$/.exec(chunker)?.[1]);
  if (!(chunkBytes >= 1 && chunkBytes <= config.maxBlockBytes)) {
    throw invalid(`the chunker must be size-1 to size-${config.maxBlockBytes}`);
  }
  const maxLinks = whole(c, 'max-file-links', 174);
  if (maxLinks < 2 || maxLinks > 1_024) throw invalid('max-file-links is 2 to 1024');
  return { chunkBytes, maxLinks, rawLeaves: flag(c, 'raw-leaves', true) };
}

async function cat(c: Call, node: BlockNode): Promise<Response> {
  const cid = await resolved(c, node);
  const offset = whole(c, 'offset', 0);
  const total = await fileLength(node.blocks, cid);
  const length = Math.max(0, Math.min(whole(c, 'length', total), total - offset));
  const body = await streamed(catFile(node.blocks, cid, { offset, length }));
  const headers = { 'Content-Type': 'application/octet-stream', 'X-Content-Length': String(length) };
  return new Response(body, { headers: { ...headers, ...NOT_A_PAGE } });
}

async function blockGet(c: Call, node: BlockNode): Promise<Response> {
  const bytes = await node.blocks.get(argument(c));
  return new Response(new Uint8Array(bytes), {
    headers: { 'Content-Type': 'application/octet-stream', ...NOT_A_PAGE },
  });
}

async function blockPut(c: Call, node: BlockNode, config: StorageConfig): Promise<Response> {
  const codec = codecOf(c.req.query('cid-codec') ?? c.req.query('format') ?? 'raw');
  if (!['sha2-256', undefined].includes(c.req.query('mhtype'))) throw invalid('only sha2-256 is accepted');
  if (!['-1', '32', undefined].includes(c.req.query('mhlen'))) throw invalid('a digest has its full length');
  const pinned = flag(c, 'pin', false);
  const lines: { Key: string; Size: number }[] = [];
  await node.importing(async (batch) => {
    const cids: CID[] = [];
    await eachPart(c.env.incoming, config.maxUploadBytes, async (part) => {
      const bytes = await wholeBlock(part, config.maxBlockBytes);
      const cid = await batch.add(codec, bytes);
      cids.push(cid);
      lines.push({ Key: cid.toString(), Size: bytes.length });
    });
    await batch.commit();
    if (pinned) await pinAll(node, cids);
    return pinned ? 'pinned' : 'unpinned';
  });
  return ndjson(lines);
}

async function wholeBlock({ content }: Part, maxBytes: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of content) {
    length += piece.length;
    if (length > maxBytes) throw new NodeError('too-large', `a block is at most ${maxBytes} bytes`);
    pieces.push(Uint8Array.from(piece));
  }
  return Buffer.concat(pieces);
}

async function blockStat(c: Call, node: BlockNode): Promise<Response> {
  const cid = argument(c);
  return c.json({ Key: cid.toString(), Size: await node.blocks.sizeOf(cid) });
}

async function dagImport(c: Call, node: BlockNode, config: StorageConfig): Promise<Response> {
  const pinned = flag(c, 'pin-roots', true);
  const count = { BlockCount: 0, BlockBytesCount: 0 };
  const lines: unknown[] = [];
  await node.importing(async (batch) => {
    const roots: CID[] = [];
    await eachPart(c.env.incoming, config.maxUploadBytes, async ({ content }) => {
      const car = await readCar(content, config.maxBlockBytes);
      roots.push(...car.roots);
      await putBlocks(car.blocks, batch, count);
    });
    await batch.commit();
    const pins = pinned ? await pinRoots(node, roots) : [];
    lines.push(...pins);
    return pins.length > 0 && pins.every(({ Root }) => Root.PinErrorMsg === '') ? 'pinned' : 'unpinned';
  });
  if (flag(c, 'stats', false)) lines.push({ Stats: count });
  return ndjson(lines);
}

async function putBlocks(
  blocks: AsyncIterable<Block>,
  batch: BlockBatch,
  count: { BlockCount: number; BlockBytesCount: number },
): Promise<void> {
  for await (const { cid, bytes } of blocks) {
    await batch.put(cid, bytes, () => giveBack(bytes));
    count.BlockCount += 1;
    count.BlockBytesCount += bytes.length;
  }
}

type PinnedRoot = { readonly Root: { readonly Cid: { readonly '/': string }; readonly PinErrorMsg: string } };

/** As in Kubo, a root that can't be pinned does not undo the import: it is said beside the root. */
async function pinRoots(node: BlockNode, roots: readonly CID[]): Promise<PinnedRoot[]> {
  const lines: PinnedRoot[] = [];
  for (const cid of roots) {
    const problem = await node.pin(cid, 'recursive').then(
      () => '',
      (error: unknown) => (error instanceof NodeError ? error.message : 'the root could not be pinned'),
    );
    lines.push({ Root: { Cid: { '/': cid.toString() }, PinErrorMsg: problem } });
  }
  return lines;
}

/** The whole tree as a CAR, each block once, as Kubo does. */
async function dagExport(c: Call, node: BlockNode): Promise<Response> {
  const root = argument(c);
  const pieces = async function* () {
    let header = carHeader(root);
    for await (const block of node.tree(root, { once: true })) {
      yield Buffer.concat([header, sectionHeader(block), block.bytes]);
      header = new Uint8Array(0);
    }
  };
  const headers = { 'Content-Type': 'application/vnd.ipld.car', ...NOT_A_PAGE };
  return new Response(await streamed(pieces()), { headers });
}

function identity(node: BlockNode) {
  return {
    ID: node.id,
    PublicKey: '',
    Addresses: [],
    AgentVersion: `chartkey-storage/${VERSION}`,
    ProtocolVersion: '',
    Protocols: [],
  };
}

const NOT_A_PAGE = { 'X-Content-Type-Options': 'nosniff', 'Content-Disposition': 'attachment' };
