import { z } from 'zod';
import { RPC_BATCH } from '../../../chain/index.ts';
import { rpcUrl } from '../../../server/config.ts';
import { forward } from '../../../server/forward.ts';
import { problem } from '../../../server/problem.ts';

export const dynamic = 'force-dynamic';

/** Reading only. What changes the chain goes through the person's own wallet. */
const METHODS: ReadonlySet<string> = new Set([
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getCode',
  'eth_getLogs',
  'eth_getProof',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'net_version',
  'web3_clientVersion',
]);
const MAX_BODY_BYTES = 1_048_576;

const call = z.object({ jsonrpc: z.literal('2.0'), id: z.unknown(), method: z.string().max(64) });
const body = z.union([call, z.array(call).min(1).max(RPC_BATCH)]);

export async function POST(request: Request): Promise<Response> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) {
    return problem(413, 'Too large', `One request may carry ${MAX_BODY_BYTES} bytes.`);
  }
  const text = await request.text();
  if (text.length > MAX_BODY_BYTES) {
    return problem(413, 'Too large', `One request may carry ${MAX_BODY_BYTES} bytes.`);
  }
  const parsed = body.safeParse(parseJson(text));
  if (!parsed.success)
    return problem(400, 'Not JSON-RPC', 'Send one JSON-RPC 2.0 call, or a batch of up to 100.');
  const calls = Array.isArray(parsed.data) ? parsed.data : [parsed.data];
  const refused = calls.find(({ method }) => !METHODS.has(method));
  if (refused)
    return problem(
      403,
      'Method refused',
      'Only reading goes through here. Transactions go through your wallet.',
    );

  const onward = new Request(request.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'sec-fetch-site': request.headers.get('sec-fetch-site') ?? 'none',
    },
    body: text,
    signal: request.signal,
  });
  return forward(onward, { url: rpcUrl(), maxBodyBytes: MAX_BODY_BYTES, timeoutMs: 30_000, name: 'chain' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
