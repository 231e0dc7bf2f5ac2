import { relayUrl } from '../../../server/config.ts';
import { forward } from '../../../server/forward.ts';
import { problem } from '../../../server/problem.ts';

export const dynamic = 'force-dynamic';

const READ = /^(v1\/info|v1\/requests\/0x[0-9a-f]{64})$/;
const POSTS = 'v1/requests';
/** As a relay takes it by default. */
const MAX_BODY_BYTES = 1_048_576;

type Context = { params: Promise<{ path: string[] }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { path } = await params;
  return READ.test(path.join('/')) ? send(request, path) : unknown();
}

export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { path } = await params;
  return path.join('/') === POSTS ? send(request, path) : unknown();
}

async function send(request: Request, path: readonly string[]): Promise<Response> {
  const base = relayUrl();
  if (base === undefined) return problem(404, 'No relay', 'This server leads to no relay.');
  const url = `${base.replace(/\/+$/, '')}/${path.join('/')}`;
  return forward(request, { url, maxBodyBytes: MAX_BODY_BYTES, timeoutMs: 30_000, name: 'relay' });
}

function unknown(): Response {
  return problem(404, 'Unknown path', 'The relay has no such door for pages.');
}
