import type { BrowserContext, Page } from 'playwright-core';
import {
  createPublicClient,
  createWalletClient,
  defineChain,
  type Hex,
  hexToBigInt,
  hexToString,
  http,
  type LocalAccount,
  type TransactionRequest,
  type TypedDataDefinition,
} from 'viem';

/** What a person sees a wallet ask. */
export type Prompt = {
  readonly kind: 'connect' | 'transaction' | 'signature' | 'switch-chain' | 'add-chain';
  /** Of a signature: what the wallet shows. */
  readonly typed?: TypedMessage | undefined;
  readonly approve: () => void;
  /** As MetaMask does it: code 4001. */
  readonly reject: () => void;
};

/** EIP-712, as a page hands it over. */
export type TypedMessage = {
  readonly primaryType: string;
  readonly message: Readonly<Record<string, unknown>>;
};

type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } };
type Request = { readonly method: string; readonly params?: readonly unknown[] };

const SIGNING = ['eth_sendTransaction', 'eth_signTypedData_v4'];

/** The chain that a wallet is on before anybody switched it. */
const OTHER_CHAIN = 1;

/**
 * A wallet in the page that behaves like MetaMask, with its one account in this process. Each
 * prompt waits in a queue until the test approves or rejects it.
 */
export class TestWallet {
  readonly #pages = new Set<Page>();
  readonly #prompts: Prompt[] = [];
  readonly #waiting: ((prompt: Prompt) => void)[] = [];
  readonly #account: LocalAccount;
  readonly #rpcUrl: string;
  readonly #homeChain: number;
  readonly #knownChains = new Set<number>([OTHER_CHAIN]);
  #chainId: number;
  #connected = false;
  /** Every method that asked something of a person, in order. */
  readonly asked: string[] = [];
  /** Every text that it was asked to sign. */
  readonly signed: string[] = [];

  constructor(options: { account: LocalAccount; rpcUrl: string; chainId: number; startOn?: number }) {
    this.#account = options.account;
    this.#rpcUrl = options.rpcUrl;
    this.#homeChain = options.chainId;
    this.#chainId = options.startOn ?? options.chainId;
    if (options.startOn === undefined) this.#knownChains.add(options.chainId);
  }

  /** Announces the wallet on every page of a context. */
  async install(context: BrowserContext): Promise<void> {
    await context.exposeBinding('__chartkeyWallet', ({ page }, request: Request) => {
      this.#pages.add(page);
      return this.#answer(request);
    });
    await context.addInitScript(announce);
  }

  /** The next prompt, as soon as there is one. */
  prompt(timeoutMs = 20_000): Promise<Prompt> {
    const waiting = this.#prompts.shift();
    if (waiting) return Promise.resolve(waiting);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('The page did not ask the wallet anything.')),
        timeoutMs,
      );
      this.#waiting.push((prompt) => {
        clearTimeout(timer);
        resolve(prompt);
      });
    });
  }

  async approve(kind: Prompt['kind']): Promise<Prompt> {
    const prompt = await this.prompt();
    if (prompt.kind !== kind)
      throw new Error(`Expected the wallet to be asked for ${kind}, not ${prompt.kind}.`);
    prompt.approve();
    return prompt;
  }

  /** How often its owner was asked to sign or to send. */
  get signatures(): number {
    return this.asked.filter((method) => SIGNING.includes(method)).length;
  }

  async reject(kind: Prompt['kind']): Promise<void> {
    const prompt = await this.prompt();
    if (prompt.kind !== kind)
      throw new Error(`Expected the wallet to be asked for ${kind}, not ${prompt.kind}.`);
    prompt.reject();
  }

  /** As if its owner chose another network in it. */
  async switchTo(chainId: number): Promise<void> {
    this.#chainId = chainId;
    await this.#emit('chainChanged', `0x${chainId.toString(16)}`);
  }

  /** As MetaMask does it: no account is left. */
  async lock(): Promise<void> {
    this.#connected = false;
    await this.#emit('accountsChanged', []);
  }

  async #answer({ method, params = [] }: Request): Promise<Answer> {
    try {
      return { result: await this.#handle(method, params) };
    } catch (error) {
      if (error instanceof WalletError) return { error: { code: error.code, message: error.message } };
      return { error: { code: -32603, message: error instanceof Error ? error.message : 'Internal error' } };
    }
  }

  async #handle(method: string, params: readonly unknown[]): Promise<unknown> {
    const address = this.#account.address.toLowerCase();
    switch (method) {
      case 'eth_accounts':
        return this.#connected ? [address] : [];
      case 'eth_chainId':
        return `0x${this.#chainId.toString(16)}`;
      case 'eth_requestAccounts':
      case 'wallet_requestPermissions':
        if (!this.#connected) await this.#ask('connect', method);
        this.#connected = true;
        return method === 'eth_requestAccounts'
          ? [address]
          : [
              {
                parentCapability: 'eth_accounts',
                caveats: [{ type: 'restrictReturnedAccounts', value: [address] }],
              },
            ];
      case 'wallet_revokePermissions':
        this.#connected = false;
        return null;
      case 'wallet_switchEthereumChain':
        return this.#switch(params, method);
      case 'wallet_addEthereumChain':
        return this.#addChain(params, method);
      case 'eth_sendTransaction':
        return this.#send(params, method);
      case 'personal_sign':
        return this.#signText(params, method);
      case 'eth_signTypedData_v4':
        return this.#sign(params, method);
      default:
        return this.#forward(method, params);
    }
  }

  async #switch(params: readonly unknown[], method: string): Promise<null> {
    const chainId = chainIdIn(params);
    if (!this.#knownChains.has(chainId))
      throw new WalletError(4902, 'Unrecognized chain ID. Try adding the chain.');
    await this.#ask('switch-chain', method);
    await this.switchTo(chainId);
    return null;
  }

  /** MetaMask adds and switches, and answers null. */
  async #addChain(params: readonly unknown[], method: string): Promise<null> {
    const chainId = chainIdIn(params);
    await this.#ask('add-chain', method);
    this.#knownChains.add(chainId);
    await this.switchTo(chainId);
    return null;
  }

  async #send([transaction]: readonly unknown[], method: string): Promise<Hex> {
    if (this.#chainId !== this.#homeChain) throw new WalletError(-32603, 'Internal JSON-RPC error.');
    await this.#ask('transaction', method);
    const { to, data, gas } = transaction as { to: Hex; data: Hex; gas?: Hex };
    const wallet = createWalletClient({
      account: this.#account,
      chain: this.#chain(),
      transport: http(this.#rpcUrl),
    });
    const request: TransactionRequest = { to, data, ...(gas === undefined ? {} : { gas: hexToBigInt(gas) }) };
    return wallet.sendTransaction(request as Parameters<typeof wallet.sendTransaction>[0]);
  }

  /** A text, as wallets show it: for ERC-4361, MetaMask also compares its domain with the page's. */
  async #signText([text]: readonly unknown[], method: string): Promise<Hex> {
    this.signed.push(hexToString(text as Hex));
    await this.#ask('signature', method);
    return this.#account.signMessage({ message: { raw: text as Hex } });
  }

  /** MetaMask refuses typed data of a chain that it is not on, without a word to its owner. */
  async #sign([, json]: readonly unknown[], method: string): Promise<Hex> {
    const typed = JSON.parse(String(json)) as TypedDataDefinition & TypedMessage;
    if (Number(typed.domain?.chainId) !== this.#chainId) {
      throw new WalletError(-32603, 'Provided chainId must match the active chainId.');
    }
    await this.#ask('signature', method, typed);
    if (!this.#account.signTypedData) throw new WalletError(4200, 'This account signs nothing.');
    return this.#account.signTypedData(typed);
  }

  #forward(method: string, params: readonly unknown[]): Promise<unknown> {
    const client = createPublicClient({ transport: http(this.#rpcUrl) });
    return client.request({ method, params } as Parameters<typeof client.request>[0]);
  }

  #chain() {
    return defineChain({
      id: this.#homeChain,
      name: 'test',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [this.#rpcUrl] } },
    });
  }

  #ask(kind: Prompt['kind'], method: string, typed?: TypedMessage): Promise<void> {
    this.asked.push(method);
    return new Promise((resolve, reject) => {
      const prompt: Prompt = {
        ...{ kind, typed },
        approve: resolve,
        reject: () => reject(new WalletError(4001, 'User rejected the request.')),
      };
      const next = this.#waiting.shift();
      if (next) next(prompt);
      else this.#prompts.push(prompt);
    });
  }

  async #emit(event: string, value: unknown): Promise<void> {
    for (const page of this.#pages) {
      if (page.isClosed()) continue;
      await page.evaluate(
        ([name, data]) => window.dispatchEvent(new CustomEvent(`wallet:${name}`, { detail: data })),
        [event, value] as const,
      );
    }
  }
}

class WalletError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

function chainIdIn([parameter]: readonly unknown[]): number {
  return Number((parameter as { chainId: Hex }).chainId);
}

/** Runs in the page before anything else: EIP-1193 and EIP-6963. */
function announce(): void {
  type Listener = (value: unknown) => void;
  type Bridge = (
    request: unknown,
  ) => Promise<{ result?: unknown; error?: { code: number; message: string } }>;
  const bridge = (globalThis as unknown as { __chartkeyWallet: Bridge }).__chartkeyWallet;
  const listeners = new Map<string, Set<Listener>>();
  const provider = {
    async request(request: unknown): Promise<unknown> {
      const answer = await bridge(request);
      if (answer.error) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
      return answer.result;
    },
    on(event: string, listener: Listener) {
      const set = listeners.get(event) ?? new Set();
      if (set.size === 0) {
        window.addEventListener(`wallet:${event}`, (e) => {
          for (const each of listeners.get(event) ?? []) each((e as CustomEvent).detail);
        });
      }
      listeners.set(event, set.add(listener));
    },
    removeListener(event: string, listener: Listener) {
      listeners.get(event)?.delete(listener);
    },
  };
  const icon =
    'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1" fill="gray"/></svg>';
  const detail = Object.freeze({
    info: Object.freeze({
      uuid: crypto.randomUUID(),
      name: 'Test Wallet',
      icon,
      rdns: 'org.example.testwallet',
    }),
    provider,
  });
  const say = () => window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
  window.addEventListener('eip6963:requestProvider', say);
  say();
}
