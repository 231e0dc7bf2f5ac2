import { createHash } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { CID } from 'multiformats/cid';
import { create as createMultihash } from 'multiformats/hashes/digest';
import { rpcError, streamed } from './answers.ts';
import type { BlockBatch } from './blocks.ts';
import { readCar } from './car.ts';
import { type Block, DAG_PB, parseCid, RAW } from './cid.ts';
import type { StorageConfig } from './config.ts';
import { invalid, NodeError } from './errors.ts';
import { eachPart, type Part } from './multipart.ts';
import type { BlockNode, PinFilter } from './node.ts';
import { type AddOptions, addFile, catFile, fileLength } from './unixfs.ts';
import { VERSION } from './version.ts';

type Env = { Bindings: HttpBindings };
type Call = Context<Env>;

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
  app.post('/repo/stat', (c) => repoStat(c, node));
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
  const batch = flag(c, 'only-hash', false) ? undefined : node.blocks.batch();
  const lines: unknown[] = [];
  const roots: CID[] = [];
  await eachPart(c.env.incoming, config.maxUploadBytes, async ({ name, content }) => {
    const { cid, treeBytes, fileBytes } = await addFile(content, batch, options);
    roots.push(cid);
    if (flag(c, 'progress', false)) lines.push({ Name: name, Bytes: Number(fileBytes) });
    lines.push({ Name: name === '' ? cid.toString() : name, Hash: cid.toString(), Size: String(treeBytes) });
  });
  await batch?.commit();
  if (batch !== undefined && flag(c, 'pin', true)) await pinAll(node, roots, c.req.query('pin-name'));
  return ndjson(lines);
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
  const cid = argument(c);
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
  const batch = node.blocks.batch();
  const lines: { Key: string; Size: number }[] = [];
  const cids: CID[] = [];
  await eachPart(c.env.incoming, config.maxUploadBytes, async (part) => {
    const { cid, bytes } = await wholeBlock(part, codec, config.maxBlockBytes);
    await batch.put(cid, bytes);
    cids.push(cid);
    lines.push({ Key: cid.toString(), Size: bytes.length });
  });
  await batch.commit();
  if (flag(c, 'pin', false)) await pinAll(node, cids);
  return ndjson(lines);
}

async function wholeBlock({ content }: Part, codec: number, maxBytes: number): Promise<Block> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of content) {
    length += piece.length;
    if (length > maxBytes) throw new NodeError('too-large', `a block is at most ${maxBytes} bytes`);
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  const digest = createHash('sha256').update(bytes).digest();
  return { cid: CID.createV1(codec, createMultihash(0x12, digest)), bytes };
}

async function blockStat(c: Call, node: BlockNode): Promise<Response> {
  const cid = argument(c);
  return c.json({ Key: cid.toString(), Size: await node.blocks.sizeOf(cid) });
}

async function dagImport(c: Call, node: BlockNode, config: StorageConfig): Promise<Response> {
  const batch = node.blocks.batch();
  const roots: CID[] = [];
  const count = { BlockCount: 0, BlockBytesCount: 0 };
  await eachPart(c.env.incoming, config.maxUploadBytes, async ({ content }) => {
    const car = await readCar(content, config.maxBlockBytes);
    roots.push(...car.roots);
    await putBlocks(car.blocks, batch, count);
  });
  await batch.commit();
  const lines: unknown[] = flag(c, 'pin-roots', true) ? await pinRoots(node, roots) : [];
  if (flag(c, 'stats', false)) lines.push({ Stats: count });
  return ndjson(lines);
}

async function putBlocks(
  blocks: AsyncIterable<Block>,
  batch: BlockBatch,
  count: { BlockCount: number; BlockBytesCount: number },
): Promise<void> {
  for await (const { cid, bytes } of blocks) {
    await batch.put(cid, bytes);
    count.BlockCount += 1;
    count.BlockBytesCount += bytes.length;
  }
}

/** As in Kubo, a root that can't be pinned does not undo the import: it is said beside the root. */
async function pinRoots(node: BlockNode, roots: readonly CID[]): Promise<unknown[]> {
  const lines: unknown[] = [];
  for (const cid of roots) {
    const problem = await node.pin(cid, 'recursive').then(
      () => '',
      (error: unknown) => (error instanceof NodeError ? error.message : 'the root could not be pinned'),
    );
    lines.push({ Root: { Cid: { '/': cid.toString() }, PinErrorMsg: problem } });
  }
  return lines;
}

async function pinAdd(c: Call, node: BlockNode): Promise<Response> {
  const cids = argumentsOf(c);
  await pinAll(node, cids, c.req.query('name'), flag(c, 'recursive', true));
  return c.json({ Pins: cids.map(String) });
}

async function pinAll(node: BlockNode, cids: readonly CID[], name?: string, recursive = true): Promise<void> {
  if (name !== undefined && name.length > 255) throw invalid('a name of a pin has at most 255 characters');
  for (const cid of cids) await node.pin(cid, recursive ? 'recursive' : 'direct', name);
}

async function pinRm(c: Call, node: BlockNode): Promise<Response> {
  const cids = argumentsOf(c);
  for (const cid of cids) node.unpin(cid);
  return c.json({ Pins: cids.map(String) });
}

async function pinLs(c: Call, node: BlockNode): Promise<Response> {
  const filter = pinFilter(c.req.query('type') ?? 'all');
  const names = flag(c, 'names', false);
  const show = ({ type, name }: { type: string; name: string }) =>
    names ? { Type: type, Name: name } : { Type: type };
  const pins = c.req.query('arg') === undefined ? node.listPins(filter) : namedPins(c, node, filter);
  if (flag(c, 'stream', false)) {
    const lines = async function* () {
      for await (const pin of pins) yield ndjsonLine({ Cid: pin.cid, ...show(pin) });
    };
    return new Response(await streamed(lines()), { headers: { 'Content-Type': 'application/json' } });
  }
  const keys: Record<string, unknown> = {};
  for await (const pin of pins) keys[pin.cid] = show(pin);
  return c.json({ Keys: keys });
}

async function* namedPins(c: Call, node: BlockNode, filter: PinFilter) {
  for (const cid of argumentsOf(c)) {
    const pin = await node.findPin(cid);
    if (pin === undefined || (filter !== 'all' && pin.type !== filter)) {
      throw new NodeError('not-pinned', `path '${cid.toString()}' is not pinned`);
    }
    yield pin;
  }
}

async function repoStat(c: Call, node: BlockNode): Promise<Response> {
  const { blocks, bytes, freeBytes } = await node.blocks.stat();
  return c.json({
    NumObjects: blocks,
    RepoSize: bytes,
    StorageMax: bytes + freeBytes,
    // Where it lies on the machine is nobody's business.
    RepoPath: 'embedded',
    Version: 'chartkey@1',
  });
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

// Reading the query

const NOT_A_PAGE = { 'X-Content-Type-Options': 'nosniff', 'Content-Disposition': 'attachment' };
const MAX_ARGUMENTS = 1_000;

function argument(c: Call): CID {
  const [only, ...more] = argumentsOf(c);
  if (only === undefined || more.length > 0) throw invalid('exactly one "arg" is needed');
  return only;
}

function argumentsOf(c: Call): CID[] {
  const texts = c.req.queries('arg') ?? [];
  if (texts.length === 0) throw invalid('argument "arg" is required');
  if (texts.length > MAX_ARGUMENTS) throw new NodeError('too-large', `at most ${MAX_ARGUMENTS} arguments`);
  return texts.map(parseCid);
}

function flag(c: Call, name: string, fallback: boolean): boolean {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  if (text !== 'true' && text !== 'false' && text !== '') throw invalid(`"${name}" is true or false`);
  return text !== 'false';
}

function whole(c: Call, name: string, fallback: number): number {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw invalid(`"${name}" is a whole number`);
  return value;
}

function refuse(c: Call, names: readonly string[]): void {
  for (const name of names) if (flag(c, name, false)) throw invalid(`"${name}" is not supported`);
}

function codecOf(name: string): number {
  if (name === 'raw') return RAW;
  // "protobuf" is what old clients, and kubo-rpc-client on its second try, say for dag-pb.
  if (name === 'dag-pb' || name === 'protobuf') return DAG_PB;
  throw invalid(name === 'v0' ? 'CIDv0 is not accepted: use CIDv1' : 'only raw and dag-pb are accepted');
}

function pinFilter(text: string): PinFilter {
  if (text === 'all' || text === 'direct' || text === 'indirect' || text === 'recursive') return text;
  throw invalid('type is all, direct, indirect or recursive');
}

function ndjson(lines: readonly unknown[]): Response {
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return new Response(body, { headers: { 'Content-Type': 'application/json' } });
}

function ndjsonLine(line: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(line)}\n`);
}
