import { hash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { CID } from 'multiformats/cid';
import { problem, streamed } from './answers.ts';
import type { BlockReader } from './blocks.ts';
import { carHeader, sectionHeader } from './car.ts';
import type { Block } from './cid.ts';
import { type EntityBytes, entityBlocks, parseEntityBytes } from './entity.ts';
import { invalid } from './errors.ts';
import { parsePath, resolvePath } from './path.ts';
import { tree } from './tree.ts';

const RAW_TYPE = 'application/vnd.ipld.raw';
const CAR_TYPE = 'application/vnd.ipld.car';

/**
 * The trustless gateway (https://specs.ipfs.tech/http-gateways/trustless-gateway/): bytes that
 * the client verifies itself. No web pages, and no files put together.
 */
export function gatewayRoutes(store: BlockReader): Hono {
  const app = new Hono();
  // Hono answers HEAD by the GET route without its body.
  app.get('/:path{.+}', (c) => serve(c, store));
  app.onError((error) => problem(error));
  app.notFound(() => problem(invalid('a CID is needed: /ipfs/<cid>?format=raw')));
  return app;
}

async function serve(c: Context, store: BlockReader): Promise<Response> {
  const path = parsePath(c.req.param('path') ?? '');
  const asked = askedFor(c);
  const { cid, way } = await resolvePath(store, path);
  const text = [path.root.toString(), ...path.segments.map(encodeURIComponent)].join('/');
  const headers = immutableHeaders(cid, text, asked);
  const name = c.req.query('filename');
  if (name !== undefined) headers['Content-Disposition'] = `attachment; filename="${plainName(name)}"`;
  // Absent bytes must not answer 304, or a cache would hide that they are lost.
  const size = await store.sizeOf(cid);
  if (hasTag(c.req.header('If-None-Match'), headers.ETag))
    return new Response(null, { status: 304, headers });
  if (asked.format === 'raw') return rawAnswer(c, store, { cid, size, headers });
  if (c.req.method === 'HEAD') return new Response(null, { headers });
  const blocks = inOrder(way, scoped(store, cid, asked));
  return new Response(await streamed(carOf(cid, asked.dups ? blocks : withoutRepeats(blocks))), { headers });
}

type Found = { readonly cid: CID; readonly size: number; readonly headers: Record<string, string> };

async function rawAnswer(c: Context, store: BlockReader, { cid, size, headers }: Found): Promise<Response> {
  if (c.req.method === 'HEAD')
    return new Response(null, { headers: { ...headers, 'Content-Length': String(size) } });
  const bytes = await store.get(cid);
  return new Response(new Uint8Array(bytes), {
    headers: { ...headers, 'Content-Length': String(bytes.length) },
  });
}

async function* scoped(store: BlockReader, cid: CID, { scope, bytes }: Asked): AsyncGenerator<Block> {
  if (scope === 'block') yield { cid, bytes: await store.get(cid) };
  else if (scope === 'entity') yield* entityBlocks(store, cid, bytes);
  else yield* tree(store, cid);
}

async function* inOrder(way: readonly Block[], rest: AsyncIterable<Block>): AsyncGenerator<Block> {
  yield* way;
  yield* rest;
}

async function* withoutRepeats(blocks: AsyncIterable<Block>): AsyncGenerator<Block> {
  const seen = new Set<string>();
  for await (const block of blocks) {
    const cid = block.cid.toString();
    if (seen.has(cid)) continue;
    seen.add(cid);
    yield block;
  }
}

async function* carOf(root: CID, blocks: AsyncIterable<Block>): AsyncGenerator<Uint8Array> {
  let header = carHeader(root);
  for await (const block of blocks) {
    // The first block is there before the first piece goes out, so its absence gets a status.
    yield Buffer.concat([header, sectionHeader(block), block.bytes]);
    header = new Uint8Array(0);
  }
}

type Asked = {
  readonly format: 'raw' | 'car';
  readonly scope: 'all' | 'entity' | 'block';
  readonly bytes: EntityBytes | undefined;
  /** Whether a block that is linked twice comes twice. */
  readonly dups: boolean;
};

function askedFor(c: Context): Asked {
  const accept = parseAccept(c.req.header('Accept') ?? '');
  const format = c.req.query('format') ?? accept.format;
  if (format !== 'raw' && format !== 'car') throw invalid('only format=raw and format=car are served');
  const option = (name: string) => c.req.query(`car-${name}`) ?? accept.parameters.get(name);
  if (!['1', undefined].includes(option('version'))) throw invalid('only CAR version 1 is served');
  if (!['dfs', 'unk', undefined].includes(option('order'))) throw invalid('the order is dfs or unk');
  if (!['y', 'n', undefined].includes(option('dups'))) throw invalid('dups is y or n');
  return { format, dups: option('dups') !== 'n', ...scopeOf(c) };
}

function scopeOf(c: Context): Pick<Asked, 'scope' | 'bytes'> {
  const range = c.req.query('entity-bytes');
  const scope = c.req.query('dag-scope') ?? (range === undefined ? 'all' : 'entity');
  if (scope !== 'all' && scope !== 'entity' && scope !== 'block')
    throw invalid('dag-scope is all, entity or block');
  if (range !== undefined && scope !== 'entity') throw invalid('entity-bytes needs dag-scope=entity');
  return { scope, bytes: range === undefined ? undefined : parseEntityBytes(range) };
}

function parseAccept(accept: string): { format: string; parameters: ReadonlyMap<string, string> } {
  for (const one of accept.split(',')) {
    const [type = '', ...rest] = one.split(';').map((part) => part.trim());
    if (type === RAW_TYPE) return { format: 'raw', parameters: new Map() };
    if (type !== CAR_TYPE) continue;
    const pairs = rest.map((part) => part.split('='));
    return { format: 'car', parameters: new Map(pairs.map(([name = '', value = '']) => [name, value])) };
  }
  return { format: '', parameters: new Map() };
}

function immutableHeaders(cid: CID, path: string, asked: Asked) {
  const text = cid.toString();
  const raw = asked.format === 'raw';
  return {
    'Content-Type': raw ? RAW_TYPE : `${CAR_TYPE}; version=1; order=dfs; dups=${asked.dups ? 'y' : 'n'}`,
    'Content-Disposition': `attachment; filename="${text}.${raw ? 'bin' : 'car'}"`,
    'Cache-Control': 'public, max-age=29030400, immutable',
    ETag: raw ? `"${text}.raw"` : carTag(path, asked),
    'X-Ipfs-Path': `/ipfs/${path}`,
    'X-Ipfs-Roots': text,
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Accept',
  };
}

/** What can't end the quotes or the header. */
function plainName(name: string): string {
  return name.replace(/[^\w. ()-]/g, '_').slice(0, 255);
}

/** Two answers that differ have different tags: path, scope, range and repeats are in it. */
function carTag(path: string, { scope, bytes, dups }: Asked): string {
  const range = bytes === undefined ? '' : `${bytes.from}:${bytes.to ?? '*'}`;
  return `W/"${hash('sha256', [path, scope, range, dups].join('|'), 'hex').slice(0, 32)}.car"`;
}

function hasTag(ifNoneMatch: string | undefined, tag: string): boolean {
  const plain = (text: string) => text.trim().replace(/^W\//, '');
  return (ifNoneMatch ?? '').split(',').some((text) => plain(text) === plain(tag) || text.trim() === '*');
}
