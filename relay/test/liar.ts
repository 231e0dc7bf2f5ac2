import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Relay, type SignedRequest, sessionForwarderAbi, submissionSchema } from '@chartkey/sdk';
import { type Account, type Address, type Hex, keccak256, stringToHex } from 'viem';
import type { World } from './world.ts';

/** What a liar does with a post, and with a question; `undefined` hangs up. */
export type Lies = {
  readonly onPost: (requests: readonly SignedRequest[]) => Promise<Answer | undefined> | Answer | undefined;
  readonly onStatus?: (id: Hex) => Answer | undefined;
};

export type Answer = { readonly status?: number; readonly body: unknown };

export type Liar = Relay & {
  /** Everything it ever got, to do with as it likes. */
  readonly kept: SignedRequest[];
  readonly close: () => Promise<void>;
};

/** Short of nothing but honesty: a relay with an account that pays, that does and says what it is told to. */
export async function startLiar(lies: Lies, patienceMs = 600_000): Promise<Liar> {
  const kept: SignedRequest[] = [];
  const server = createServer((request, response) => {
    void answer(lies, kept, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${address.port}`, patienceMs, kept, close };
}

async function answer(lies: Lies, kept: SignedRequest[], request: IncomingMessage, response: ServerResponse) {
  const told =
    request.method === 'POST'
      ? await answerPost(lies, kept, await text(request))
      : (lies.onStatus ?? waits)(idIn(request));
  if (!told) return response.destroy();
  const { status = 200, body } = told;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function answerPost(lies: Lies, kept: SignedRequest[], body: string) {
  const { requests } = submissionSchema.parse(JSON.parse(body));
  kept.push(...requests);
  return lies.onPost(requests);
}

function idIn({ url = '' }: IncomingMessage): Hex {
  return `0x${url.split('/0x')[1] ?? ''}`;
}

export function idOf({ signature }: SignedRequest): Hex {
  return keccak256(stringToHex(signature));
}

/** "It waits", of each. */
export function accepts(requests: readonly SignedRequest[]): Answer {
  return { body: { requests: requests.map((request) => ({ id: idOf(request), state: 'waiting' })) } };
}

const waits = (id: Hex): Answer => ({ body: { id, state: 'waiting' } });

export function problem(code: string, status: number): Answer {
  return { status, body: { type: `urn:chartkey:problem:${code}`, title: 'No.', status, detail: 'No.' } };
}

/** Whatever was kept or made of it, in one transaction of the liar's own account; true if that went through. */
export async function sendBatch(
  { clientOf, deployment }: World,
  account: Account,
  requests: readonly (Omit<SignedRequest, 'nonce'> & { readonly value?: bigint })[],
  forwarder: Address = deployment.forwarder,
): Promise<boolean> {
  const { walletClient, publicClient } = clientOf(account);
  if (!walletClient) throw new Error('A liar needs a wallet.');
  const calls = requests.map(({ from, to, gas, deadline, data, signature, value = 0n }) => ({
    ...{ from, to, gas, deadline, data, signature, value },
  }));
  const hash = await walletClient.writeContract({
    address: forwarder,
    abi: sessionForwarderAbi,
    functionName: 'executeBatch',
    args: [calls, account.address],
    chain: walletClient.chain ?? null,
    gas: 5_000_000n,
    value: calls.reduce((sum, { value }) => sum + value, 0n),
  });
  return (await publicClient.waitForTransactionReceipt({ hash })).status === 'success';
}
