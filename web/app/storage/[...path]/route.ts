import { gateUrl } from '../../../server/config.ts';
import { forward } from '../../../server/forward.ts';
import { problem } from '../../../server/problem.ts';

export const dynamic = 'force-dynamic';

const ID = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** The gate's doors for pages. A record's id or a patient's stands on the chain anyway; a token is in no path. */
const DOORS: Readonly<Record<string, RegExp>> = {
  GET: /^ipfs\/[A-Za-z0-9]{20,120}$/,
  POST: new RegExp(
    `^(auth/(nonce|sign-in|challenge|answer|sign-out)|uploads(/${ID}/(missing|car|commit))?|records/0x[0-9a-f]{64}/erase)$`,
  ),
  PUT: /^keys\/0x[0-9a-fA-F]{40}$/,
  DELETE: new RegExp(`^uploads/${ID}$`),
};
/** The client sends parts of 16 MiB. */
const MAX_BODY_BYTES = 64 * 1_048_576;

type Context = { params: Promise<{ path: string[] }> };

async function pass(request: Request, { params }: Context): Promise<Response> {
  const path = (await params).path.join('/');
  const door = DOORS[request.method === 'HEAD' ? 'GET' : request.method];
  if (!door?.test(path)) return problem(404, 'Unknown path', 'Storage has no such door for pages.');
  const url = `${gateUrl().replace(/\/+$/, '')}/${path}${new URL(request.url).search}`;
  return forward(request, {
    ...{ url, maxBodyBytes: MAX_BODY_BYTES, timeoutMs: 600_000, name: 'storage' },
    // The token of a session at the gate; nothing writes it down on its way.
    passed: ['authorization'],
  });
}

export { pass as DELETE, pass as GET, pass as HEAD, pass as POST, pass as PUT };
