import { indexUrl } from '../../../../server/config.ts';
import { forward } from '../../../../server/forward.ts';
import { problem } from '../../../../server/problem.ts';

export const dynamic = 'force-dynamic';

/** What pages show. Questions are posted, so that an address stands in no URL. */
const LISTS: ReadonlySet<string> = new Set([
  'consents',
  'entries',
  'heads',
  'history',
  'patients',
  'providers',
  'records',
  'requests',
]);
/** As an index takes it by default. */
const MAX_BODY_BYTES = 8_192;

type Context = { params: Promise<{ list: string }> };

export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { list } = await params;
  if (!LISTS.has(list)) return problem(404, 'Unknown list', 'The index has no such list for pages.');
  const base = indexUrl();
  if (base === undefined) return problem(404, 'No index', 'This server leads to no index.');
  const url = `${base.replace(/\/+$/, '')}/v1/${list}`;
  return forward(request, { url, maxBodyBytes: MAX_BODY_BYTES, timeoutMs: 15_000, name: 'index' });
}
