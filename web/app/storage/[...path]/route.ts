import { gatewayUrl, storageUrl } from '../../../server/config.ts';
import { forward } from '../../../server/forward.ts';
import { problem } from '../../../server/problem.ts';

export const dynamic = 'force-dynamic';

const READ = /^ipfs\/[A-Za-z0-9]{20,120}$/;
const WRITE = new Set(
  ['dag/import', 'block/put', 'block/stat', 'pin/add', 'pin/ls'].map((name) => `api/v0/${name}`),
);
/** The client sends parts of 16 MiB. */
const MAX_BODY_BYTES = 64 * 1_048_576;

type Context = { params: Promise<{ path: string[] }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { path } = await params;
  return READ.test(path.join('/')) ? send(request, gatewayUrl(), path) : unknown();
}

export const HEAD = GET;

export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { path } = await params;
  return WRITE.has(path.join('/')) ? send(request, storageUrl(), path) : unknown();
}

function send(request: Request, base: string, path: readonly string[]): Promise<Response> {
  const url = `${base.replace(/\/+$/, '')}/${path.join('/')}${new URL(request.url).search}`;
  return forward(request, { url, maxBodyBytes: MAX_BODY_BYTES, timeoutMs: 600_000, name: 'storage node' });
}

function unknown(): Response {
  return problem(404, 'Unknown path', 'The storage node has no such door for pages.');
}
