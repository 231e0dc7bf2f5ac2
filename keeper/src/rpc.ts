import { type Address, BaseError, createClient, type Hex, http, RpcRequestError } from 'viem';
import { z } from 'zod';
import { ProblemError, UnsettledError } from './problems.ts';

/** Longest time for one answer of an endpoint, in milliseconds. */
const TIMEOUT_MS = 5_000;

export type Block = {
  readonly hash: Hex;
  readonly number: bigint;
  /** Unix seconds. */
  readonly timestamp: number;
};

/** One JSON-RPC endpoint. All its errors are `CHAIN_UNREACHABLE`: its URL may carry a credential, so no message of viem's gets out. */
export type Endpoint = {
  chainId(): Promise<number>;
  /** The block at a height or under a tag; undefined if the endpoint has none. */
  blockAt(height: bigint | 'latest' | 'safe' | 'finalized'): Promise<Block | undefined>;
  blockOf(hash: Hex): Promise<Block | undefined>;
  /** `eth_call` as of a block that is named by its hash and must be canonical (EIP-1898). */
  call(to: Address, data: Hex, blockHash: Hex): Promise<Hex>;
  /** `eth_getCode`, as of such a block too. */
  codeOf(address: Address, blockHash: Hex): Promise<Hex>;
};

const Quantity = z.string().regex(/^0x[0-9a-f]{1,16}$/i);
const BlockAnswer = z
  .object({ hash: z.string().regex(/^0x[0-9a-f]{64}$/i), number: Quantity, timestamp: Quantity })
  .nullable();
const Data = z.string().regex(/^0x([0-9a-f]{2})*$/i);

export function connect(url: string): Endpoint {
  // No retry and no cache: what is not known now is not released now.
  const client = createClient({ transport: http(url, { timeout: TIMEOUT_MS, retryCount: 0 }) });
  return {
    chainId: () => ask(Quantity, client.request({ method: 'eth_chainId' })).then(Number),
    blockAt: (height) => {
      const at = typeof height === 'string' ? height : (`0x${height.toString(16)}` as const);
      return ask(BlockAnswer, client.request({ method: 'eth_getBlockByNumber', params: [at, false] })).then(
        toBlock,
      );
    },
    blockOf: (hash) =>
      ask(BlockAnswer, client.request({ method: 'eth_getBlockByHash', params: [hash, false] })).then(toBlock),
    call: (to, data, blockHash) =>
      ask(
        Data,
        client.request({
          method: 'eth_call',
          params: [
            { to, data },
            { blockHash, requireCanonical: true },
          ],
        }),
      ).then(toData),
    codeOf: (address, blockHash) =>
      ask(
        Data,
        client.request({
          method: 'eth_getCode',
          // viem's type knows heights and tags alone.
          params: [address, { blockHash, requireCanonical: true } as unknown as 'latest'],
        }),
      ).then(toData),
  };
}

async function ask<schema extends z.ZodType>(
  schema: schema,
  answer: Promise<unknown>,
): Promise<z.output<schema>> {
  try {
    return schema.parse(await answer);
  } catch (cause) {
    const told = 'An RPC endpoint of the keeper does not answer.';
    throw isRefusal(cause)
      ? new UnsettledError('CHAIN_UNREACHABLE', told, { cause })
      : new ProblemError('CHAIN_UNREACHABLE', told, { cause });
  }
}

/** The endpoint is there and answers with an error of JSON-RPC, as for a block that it does not have. */
function isRefusal(error: unknown): boolean {
  return error instanceof BaseError && error.walk((cause) => cause instanceof RpcRequestError) !== null;
}

function toData(answer: string): Hex {
  return answer.toLowerCase() as Hex;
}

function toBlock(answer: z.output<typeof BlockAnswer>): Block | undefined {
  if (answer === null) return undefined;
  return {
    hash: answer.hash.toLowerCase() as Hex,
    number: BigInt(answer.number),
    timestamp: Number(answer.timestamp),
  };
}
