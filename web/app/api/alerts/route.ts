import { alertNotice, RULES, type RuleName } from '@chartkey/sdk';
import { z } from 'zod';
import { readConfig } from '../../../server/config.ts';
import { problem } from '../../../server/problem.ts';

export const dynamic = 'force-dynamic';

const MAX_BODY_BYTES = 2_048;
const HOOK_MS = 10_000;

const whole = z.int().min(0);
/** Numbers and a rule's name: there is no room for anybody's address in it. */
const body = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(1_024),
  alert: z.strictObject({
    rule: z.enum(Object.keys(RULES) as [RuleName, ...RuleName[]]),
    at: whole,
    count: whole,
    blockNumber: whole,
  }),
});

/** Posts an auditor's alert to an address outside, of an origin that whoever runs this server allows. */
export async function POST(request: Request): Promise<Response> {
  const site = request.headers.get('sec-fetch-site') ?? 'same-origin';
  if (site !== 'same-origin' && site !== 'none')
    return problem(403, 'Refused', 'Only pages of this site may ask.');
  const text = await request.text();
  if (text.length > MAX_BODY_BYTES)
    return problem(413, 'Too large', `One alert may carry ${MAX_BODY_BYTES} bytes.`);
  const parsed = body.safeParse(parseJson(text));
  if (!parsed.success)
    return problem(400, 'No alert', 'Send the address, and of the alert its rule, time, count and block.');
  const config = await readConfig();
  const { url, alert } = parsed.data;
  if (!config?.alertOrigins.includes(new URL(url).origin))
    return problem(403, 'Address refused', 'This server posts alerts to the origins of its setting alone.');
  const delivered = await post(url, alertNotice(config.deployment.chainId, alert));
  return Response.json({ delivered }, { headers: { 'cache-control': 'no-store' } });
}

async function post(url: string, notice: object): Promise<boolean> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(notice),
      redirect: 'error',
      signal: AbortSignal.timeout(HOOK_MS),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
