import { readConfig } from '../../../server/config.ts';
import { problem } from '../../../server/problem.ts';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const config = await readConfig();
  if (!config)
    return problem(503, 'No network', 'This server was started without the addresses of the contracts.');
  return Response.json(config, { headers: { 'cache-control': 'no-store' } });
}
