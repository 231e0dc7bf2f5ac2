import { isAddress } from 'viem';
import { forward } from '../../../../server/forward.ts';
import { endpointOf } from '../../../../server/keepers.ts';
import { problem } from '../../../../server/problem.ts';

export const dynamic = 'force-dynamic';

const READ = new Set(['v1/info', 'healthz', 'readyz']);
const ASK = new Set(['v1/shares', 'v1/attest']);
/** 32 envelopes of at most 45 KB, in base64. */
const MAX_BODY_BYTES = 4 * 1_048_576;

type Context = { params: Promise<{ operator: string; path: string[] }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { operator, path } = await params;
  return READ.has(path.join('/')) ? send(request, operator, path) : unknown();
}

export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { operator, path } = await params;
  return ASK.has(path.join('/')) ? send(request, operator, path) : unknown();
}

async function send(request: Request, operator: string, path: readonly string[]): Promise<Response> {
  if (!isAddress(operator)) return unknown();
  try {
    const endpoint = await endpointOf(operator);
    if (endpoint === undefined) return problem(404, 'Unknown keeper', 'The chain names no such keeper.');
    const url = `${endpoint}/${path.join('/')}`;
    return await forward(request, { url, maxBodyBytes: MAX_BODY_BYTES, timeoutMs: 30_000, name: 'keeper' });
  } catch {
    return problem(502, 'Not reachable', "The chain can't be reached right now. Try again in a moment.");
  }
}

function unknown(): Response {
  return problem(404, 'Unknown path', 'Keepers have no such door for pages.');
}
