import { healthOf, WATCHED_SERVICES } from '../../../../server/health.ts';
import { problem } from '../../../../server/problem.ts';

export const dynamic = 'force-dynamic';

type Context = { params: Promise<{ service: string }> };

/** How a service behind this server is: up, not ready and why, or down. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const site = request.headers.get('sec-fetch-site') ?? 'same-origin';
  if (site !== 'same-origin' && site !== 'none')
    return problem(403, 'Refused', 'Only pages of this site may ask.');
  const { service } = await params;
  const watched = WATCHED_SERVICES.find((name) => name === service);
  if (!watched)
    return problem(404, 'Unknown service', `There is one of these: ${WATCHED_SERVICES.join(', ')}.`);
  return Response.json(await healthOf(watched), { headers: { 'cache-control': 'no-store' } });
}
