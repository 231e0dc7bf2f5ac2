import {
  type Deployment,
  forwardedData,
  participantRegistryAbi,
  type SignedRequest,
  sessionForwarderAbi,
} from '@chartkey/sdk';
import {
  type Address,
  BaseError,
  createPublicClient,
  type Hex,
  HttpRequestError,
  http,
  type PublicClient,
  parseAbi,
  size,
  TimeoutError,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import { ProblemError } from './problems.ts';

/** Longest time for one answer of the endpoint, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** Questions in one piece; endpoints take some hundreds. */
const BATCH_SIZE = 50;
/** Blocks that are searched at a time, and how often: endpoints refuse longer ranges. */
const SEARCH_BLOCKS = 2_000n;
const SEARCHES = 50;
/** More than any wallet needs to look at a signature. */
const WALLET_GAS = 500_000n;

const walletAbi = parseAbi(['function isValidSignature(bytes32, bytes) view returns (bytes4)']);
const IS_VALID = '0x1626ba7e';

/** What the chain is asked and told. All errors are ProblemErrors: the endpoint's URL may carry a credential. */
export class Chain {
  readonly #client: PublicClient;
  readonly #deployment: Deployment;

  constructor(rpcUrl: string, deployment: Deployment) {
    this.#client = createPublicClient({
      // What is asked at the same time goes in one piece.
      transport: http(rpcUrl, { timeout: TIMEOUT_MS, retryCount: 0, batch: { batchSize: BATCH_SIZE } }),
      cacheTime: 0,
    });
    this.#deployment = deployment;
  }

  /** @throws Error with one line */
  async requireContracts(): Promise<void> {
    const { chainId, forwarder, log } = this.#deployment;
    const actual = await ask(() => this.#client.getChainId());
    if (actual !== chainId)
      throw new Error(`the RPC endpoint is on chain ${actual}, the contracts on ${chainId}`);
    const bound = await ask(() =>
      this.#client.readContract({ address: forwarder, abi: sessionForwarderAbi, functionName: 'boundLog' }),
    ).catch(() => undefined);
    if (bound !== log) throw new Error('the contracts on this chain are not those of the list of addresses');
  }

  /** The newest block, and the Unix seconds of it or of this clock, whichever are later. */
  async now(): Promise<{ readonly block: bigint; readonly time: number }> {
    const { number, timestamp } = await ask(() => this.#client.getBlock({ blockTag: 'latest' }));
    return { block: number, time: Math.max(Number(timestamp), Math.floor(Date.now() / 1000)) };
  }

  nonceOf(signer: Address): Promise<bigint> {
    return ask(() =>
      this.#client.readContract({ ...this.#forwarder, functionName: 'nonces', args: [signer] }),
    );
  }

  /** The key of a person's standing session. */
  async sessionKeyOf(person: Address): Promise<Address> {
    const [key] = await ask(() =>
      this.#client.readContract({ ...this.#forwarder, functionName: 'sessionOf', args: [person] }),
    );
    return key;
  }

  /** Whether a smart-contract wallet says that it signed (ERC-1271). */
  async hasWalletSigned(wallet: Address, hash: Hex, signature: Hex): Promise<boolean> {
    const code = await ask(() => this.#client.getCode({ address: wallet }));
    if (code === undefined || code === '0x') return false;
    const call = {
      address: wallet,
      abi: walletAbi,
      functionName: 'isValidSignature',
      gas: WALLET_GAS,
    } as const;
    const answer = await unlessRefused(() => this.#client.readContract({ ...call, args: [hash, signature] }));
    return answer === IS_VALID;
  }

  /** Whether an address is a patient or a provider, in whatever state. */
  async isParticipant(person: Address): Promise<boolean> {
    const at = {
      address: this.#deployment.participants,
      abi: participantRegistryAbi,
      args: [person],
    } as const;
    const [patient, provider] = await ask(() =>
      Promise.all([
        this.#client.readContract({ ...at, functionName: 'patientOf' }),
        this.#client.readContract({ ...at, functionName: 'providerOf' }),
      ]),
    );
    return BigInt(patient) !== 0n || provider.status !== 0;
  }

  /** Whether the call that the forwarder would make goes through now. */
  async wouldGoThrough(request: SignedRequest): Promise<boolean> {
    const { to, gas } = request;
    const data = forwardedData(request);
    // What a transaction costs before its call begins, at most (EIP-7623).
    const before = 21_000n + 40n * BigInt(size(data));
    const call = { account: this.#deployment.forwarder, to, data, gas: gas + before };
    return (await unlessRefused(() => this.#client.call(call))) !== undefined;
  }

  /** Whether the forwarder would take the request now. */
  async isValid({ nonce: _, ...request }: SignedRequest): Promise<boolean> {
    const args = [{ ...request, value: 0n }] as const;
    const valid = await unlessRefused(() =>
      this.#client.readContract({ ...this.#forwarder, functionName: 'verify', args }),
    );
    return valid === true;
  }

  /** What became of a request that somebody else sent; undefined if that can't be found. */
  async madeElsewhere(signer: Address, nonce: bigint, sinceBlock: bigint) {
    const { block: newest } = await this.now();
    for (
      let fromBlock = sinceBlock, i = 0;
      fromBlock <= newest && i < SEARCHES;
      i++, fromBlock += SEARCH_BLOCKS
    ) {
      const logs = await unlessRefused(() =>
        this.#client.getContractEvents({
          ...this.#forwarder,
          eventName: 'ExecutedForwardRequest',
          args: { signer },
          fromBlock,
          toBlock: min(newest, fromBlock + SEARCH_BLOCKS - 1n),
          strict: true,
        }),
      );
      const own = logs?.find(({ args }) => args.nonce === nonce);
      if (own) return { success: own.args.success, transaction: own.transactionHash };
    }
    return undefined;
  }

  /** What a unit of gas costs at least now, and what to offer so that it stays enough for some blocks. */
  async fees(): Promise<{ readonly least: bigint; readonly offer: bigint; readonly tip: bigint }> {
    return ask(async () => {
      const [{ baseFeePerGas }, price] = await Promise.all([
        this.#client.getBlock({ blockTag: 'latest' }),
        this.#client.getGasPrice(),
      ]);
      if (baseFeePerGas === null) return { least: price, offer: price, tip: price };
      const tip = price > baseFeePerGas ? price - baseFeePerGas : 0n;
      return { least: baseFeePerGas, offer: 2n * baseFeePerGas + tip, tip };
    });
  }

  balanceOf(address: Address): Promise<bigint> {
    return ask(() => this.#client.getBalance({ address }));
  }

  /** How many transactions of an account stand in blocks. */
  accountNonce(account: PrivateKeyAccount): Promise<number> {
    return ask(() => this.#client.getTransactionCount({ address: account.address, blockTag: 'latest' }));
  }

  /** True once the endpoint has it, sent now or before. */
  async broadcast(raw: Hex): Promise<boolean> {
    return (
      (await unlessRefused(() => this.#client.sendRawTransaction({ serializedTransaction: raw }))) !==
      undefined
    );
  }

  async receiptOf(hash: Hex): Promise<TransactionReceipt | undefined> {
    try {
      return await this.#client.getTransactionReceipt({ hash });
    } catch (error) {
      if (error instanceof TransactionReceiptNotFoundError) return undefined;
      throw unreachable(error);
    }
  }

  get #forwarder() {
    return { address: this.#deployment.forwarder, abi: sessionForwarderAbi } as const;
  }
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (cause) {
    throw unreachable(cause);
  }
}

/** Undefined if the chain answered with a no of its own. */
async function unlessRefused<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (cause) {
    if (isNetwork(cause)) throw unreachable(cause);
    return undefined;
  }
}

function isNetwork(error: unknown): boolean {
  if (!(error instanceof BaseError)) return true;
  return error.walk((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError) !== null;
}

function unreachable(cause: unknown): ProblemError {
  return new ProblemError('CHAIN_UNREACHABLE', 'The relay’s RPC endpoint does not answer.', { cause });
}
