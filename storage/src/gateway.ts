import { type Context, Hono } from 'hono';
import type { CID } from 'multiformats/cid';
import { problem, streamed } from './answers.ts';
import { carHeader, sectionHeader } from './car.ts';
import { parseCid } from './cid.ts';
import { invalid } from './errors.ts';
import type { BlockNode } from './node.ts';

const RAW_TYPE = 'application/vnd.ipld.raw';
const CAR_TYPE = 'application/vnd.ipld.car';

/**
 * The trustless gateway (https://specs.ipfs.tech/http-gateways/trustless-gateway/): bytes that
 * the client verifies itself. No web pages, no files put together, no paths below a CID.
 */
export function gatewayRoutes(node: BlockNode): Hono {
  const app = new Hono();
  // Hono answers HEAD by the GET route without its body.
  app.get('/:cid{.+}', (c) => serve(c, node));
  app.onError((error) => problem(error));
  app.notFound(() => problem(invalid('a CID is needed: /ipfs/<cid>?format=raw')));
  return app;
}

async function serve(c: Context, node: BlockNode): Promise<Response> {
  const cid = parseCid(c.req.param('cid') ?? '');
  const format = formatOf(c);
  const headers = immutableHeaders(cid, format);
  // Absent bytes must not answer 304, or a cache would hide that they are lost.
  const size = await node.blocks.sizeOf(cid);
  if (hasTag(c.req.header('If-None-Match'), headers.ETag))
    return new Response(null, { status: 304, headers });
  return format === 'raw' ? rawAnswer(c, node, cid, size, headers) : carAnswer(c, node, cid, headers);
}

async function rawAnswer(
  c: Context,
  node: BlockNode,
  cid: CID,
  size: number,
  headers: Record<string, string>,
): Promise<Response> {
  if (c.req.method === 'HEAD')
    return new Response(null, { headers: { ...headers, 'Content-Length': String(size) } });
  const bytes = await node.blocks.get(cid);
  return new Response(new Uint8Array(bytes), {
    headers: { ...headers, 'Content-Length': String(bytes.length) },
  });
}

async function carAnswer(
  c: Context,
  node: BlockNode,
  cid: CID,
  headers: Record<string, string>,
): Promise<Response> {
  if (c.req.method === 'HEAD') return new Response(null, { headers });
  const onlyRoot = c.req.query('dag-scope') === 'block';
  return new Response(await streamed(carOf(node, cid, onlyRoot)), { headers });
}

async function* carOf(node: BlockNode, root: CID, onlyRoot: boolean): AsyncGenerator<Uint8Array> {
  let header = carHeader(root);
  for await (const block of node.tree(root)) {
    // The root's bytes are there before the first piece goes out, so its absence gets a status.
    yield Buffer.concat([header, sectionHeader(block), block.bytes]);
    header = new Uint8Array(0);
    if (onlyRoot) return;
  }
}

function formatOf(c: Context): 'raw' | 'car' {
  const wanted = c.req.query('format') ?? fromAccept(c.req.header('Accept') ?? '');
  if (wanted !== 'raw' && wanted !== 'car') throw invalid('only format=raw and format=car are served');
  const scope = c.req.query('dag-scope') ?? 'all';
  if (!['all', 'entity', 'block'].includes(scope)) throw invalid('dag-scope is all, entity or block');
  if (c.req.query('entity-bytes') !== undefined) throw invalid('entity-bytes is not served');
  return wanted;
}

function fromAccept(accept: string): string {
  if (accept.includes(RAW_TYPE)) return 'raw';
  return accept.includes(CAR_TYPE) ? 'car' : '';
}

function immutableHeaders(cid: CID, format: 'raw' | 'car') {
  const text = cid.toString();
  return {
    // The order and the repeated blocks are ours to choose; the client is told.
    'Content-Type': format === 'raw' ? RAW_TYPE : `${CAR_TYPE}; version=1; order=dfs; dups=y`,
    'Content-Disposition': `attachment; filename="${text}.${format === 'raw' ? 'bin' : 'car'}"`,
    'Cache-Control': 'public, max-age=29030400, immutable',
    ETag: format === 'raw' ? `"${text}.raw"` : `W/"${text}.car"`,
    'X-Ipfs-Path': `/ipfs/${text}`,
    'X-Ipfs-Roots': text,
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Accept',
  };
}

function hasTag(ifNoneMatch: string | undefined, tag: string): boolean {
  const plain = (text: string) => text.trim().replace(/^W\//, '');
  return (ifNoneMatch ?? '').split(',').some((text) => plain(text) === plain(tag) || text.trim() === '*');
}
