import { revokeConsent } from '@chartkey/sdk';
import { numberToHex } from 'viem';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import type { KeeperOptions } from '../src/index.ts';
import {
  ACTORS,
  ask,
  lyingEndpoint,
  type Opened,
  open,
  post,
  type Rpc,
  runKeeper,
  type SealedEnvelope,
  sharesBody,
  startWorld,
  type World,
  writeAndOpen,
} from './world.ts';

/* A real chain that reorganises, and real endpoints in front of it that lag or lie. */

let world: World;
let snapshot: `0x${string}`;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());
beforeEach(async () => {
  snapshot = await world.chain.snapshot();
});
afterEach(() => world.chain.revert({ id: snapshot }));

type Asked = Opened & { readonly record: SealedEnvelope };

const released = [{ status: 'released' }];
const refused = (reason: string) => [{ status: 'refused', reason }];

async function codeOf(url: string, opened: Asked): Promise<string> {
  const response = await post(url, '/v1/shares', sharesBody(opened, [opened.record]));
  const body = (await response.json()) as { readonly type?: string };
  return body.type?.replace('urn:chartkey:problem:', '') ?? `status ${response.status}`;
}

function revoke() {
  return revokeConsent(world.clientOf(ACTORS.patient), { accessor: ACTORS.clinician.address });
}

async function blockNumber(): Promise<number> {
  return Number(await world.clientOf(ACTORS.patient).publicClient.getBlockNumber({ cacheTime: 0 }));
}

type BlockAnswer = { readonly number: string };

/** An endpoint whose newest block is the one of now until it is told to catch up. */
async function laggingEndpoint() {
  let newest = await blockNumber();
  const isThere = (block: unknown) => Number((block as BlockAnswer).number) <= newest;
  const upstream = async (height: number) => {
    const body = {
      jsonrpc: '2.0',
      id: 1,
      method: 'eth_getBlockByNumber',
      params: [numberToHex(height), false],
    };
    const response = await fetch(world.rpcUrl, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: JSON_TYPE,
    });
    return ((await response.json()) as { readonly result: unknown }).result;
  };
  const endpoint = await lyingEndpoint(world, ({ method, params }, result) => {
    if (!method.startsWith('eth_getBlock') || result === null || isThere(result)) return result;
    return params?.[0] === 'latest' ? upstream(newest) : null;
  });
  const stay = async () => {
    newest = await blockNumber();
  };
  const catchUp = () => {
    newest = Number.POSITIVE_INFINITY;
  };
  return { ...endpoint, stay, catchUp };
}

const JSON_TYPE = { 'content-type': 'application/json' };

describe('confirmations', () => {
  test.each(['safe', 'finalized'] as const)(
    'behavior: %s asks for that block by its tag',
    async (confirmations) => {
      let lag = 0;
      const endpoint = await lyingEndpoint(world, async ({ method, params }, result) => {
        if (method !== 'eth_getBlockByNumber' || params?.[0] !== confirmations) return result;
        const { publicClient } = world.clientOf(ACTORS.patient);
        const block = await publicClient.getBlock({ blockNumber: BigInt((await blockNumber()) - lag) });
        return {
          hash: block.hash,
          number: numberToHex(block.number),
          timestamp: numberToHex(block.timestamp),
        };
      });
      const opened = await writeAndOpen(world);
      const keeper = await runKeeper(world, { confirmations, rpcUrls: [endpoint.url, world.rpcUrl] });
      expect(await ask(keeper, opened, [opened.record])).toMatchObject(released);
      lag = 2;
      expect(await ask(keeper, opened, [opened.record])).toMatchObject(refused('opening-unknown'));
      await world.chain.mine({ blocks: 2 });
      expect(await ask(keeper, opened, [opened.record])).toMatchObject(released);
    },
  );

  test('behavior: of two endpoints the one that finalised less counts', async () => {
    const opened = await writeAndOpen(world);
    await world.chain.mine({ blocks: 3 });
    const late = await lyingEndpoint(world, async ({ method, params }, result) => {
      if (method !== 'eth_getBlockByNumber' || params?.[0] !== 'finalized') return result;
      const { publicClient } = world.clientOf(ACTORS.patient);
      const block = await publicClient.getBlock({ blockNumber: BigInt((await blockNumber()) - 4) });
      return { hash: block.hash, number: numberToHex(block.number), timestamp: numberToHex(block.timestamp) };
    });
    const keeper = await runKeeper(world, { confirmations: 'finalized', rpcUrls: [world.rpcUrl, late.url] });
    expect(await ask(keeper, opened, [opened.record])).toMatchObject(refused('opening-unknown'));
  });

  test('error: an endpoint that knows no finalised block', async () => {
    const endpoint = await lyingEndpoint(world, ({ params }, result) =>
      params?.[0] === 'finalized' ? null : result,
    );
    await expect(runKeeper(world, { confirmations: 'finalized', rpcUrls: [endpoint.url] })).rejects.toThrow(
      'An RPC endpoint of the keeper has no finalized block.',
    );
  });
});

describe('a reorganisation', () => {
  test('error: an opening that was taken back gives nothing, and one that came back does', async () => {
    const keeper = await runKeeper(world, { confirmations: 1 });
    const fork = await world.chain.snapshot();
    const opened = await writeAndOpen(world);
    await world.chain.mine({ blocks: 1 });
    expect(await ask(keeper, opened, [opened.record])).toMatchObject(released);

    await world.chain.revert({ id: fork });
    await world.chain.mine({ blocks: 6 });
    expect(await ask(keeper, opened, [opened.record])).toMatchObject(refused('opening-unknown'));
  });

  test('error: within C blocks nothing was given out that a reorganisation could take back', async () => {
    const keeper = await runKeeper(world, { confirmations: 3 });
    const opened = await writeAndOpen(world);
    for (let depth = 0; depth < 3; depth++) {
      expect(await ask(keeper, opened, [opened.record])).toMatchObject(refused('opening-unknown'));
      await world.chain.mine({ blocks: 1 });
    }
    expect(await ask(keeper, opened, [opened.record])).toMatchObject(released);
  });

  test('behavior: a block that goes while it is being asked about is asked for anew', async () => {
    let reorganise = async () => {};
    const once = async ({ method }: Rpc) => {
      if (method !== 'eth_call') return;
      const now = reorganise;
      reorganise = async () => {};
      await now();
    };
    const endpoint = await lyingEndpoint(world, (_request, result) => result, once);
    const keeper = await runKeeper(world, { rpcUrls: [endpoint.url] });
    const fork = await world.chain.snapshot();
    const opened = await writeAndOpen(world);
    reorganise = async () => {
      await world.chain.revert({ id: fork });
      await world.chain.mine({ blocks: 1 });
    };
    expect(await ask(keeper, opened, [opened.record])).toMatchObject(refused('opening-unknown'));
  });

  test('error: two endpoints on two branches', async () => {
    const opened = await writeAndOpen(world);
    const other = await lyingEndpoint(world, ({ method, params }, result) => {
      if (method === 'eth_getBlockByHash') return null;
      if (method !== 'eth_getBlockByNumber' || params?.[0] !== 'latest') return result;
      return { ...(result as object), hash: `0x${'ab'.repeat(32)}` };
    });
    const keeper = runKeeper(world, { rpcUrls: [world.rpcUrl, other.url], chainGraceMs: 100 });
    await expect(keeper).rejects.toThrow(/is behind the others/);
    expect(opened.record).toBeDefined();
  });
});

describe('an endpoint that lags', () => {
  const both = (first: string, second: string): Partial<KeeperOptions> => ({ rpcUrls: [first, second] });

  test.each(['first', 'second'])(
    'behavior: the %s, by a block for a moment, is waited for',
    async (place) => {
      const late = await laggingEndpoint();
      const order = place === 'first' ? both(late.url, world.rpcUrl) : both(world.rpcUrl, late.url);
      const keeper = await runKeeper(world, order);
      const opened = await writeAndOpen(world);
      const answer = ask(keeper, opened, [opened.record]);
      setTimeout(late.catchUp, 300);
      expect(await answer).toMatchObject(released);
    },
  );

  test.each(['first', 'second'])('error: the %s, for longer than the grace', async (place) => {
    const late = await laggingEndpoint();
    const order = place === 'first' ? both(late.url, world.rpcUrl) : both(world.rpcUrl, late.url);
    const keeper = await runKeeper(world, { ...order, chainGraceMs: 200 });
    const opened = await writeAndOpen(world);
    const started = performance.now();
    expect(await codeOf(keeper.url, opened)).toBe('CHAIN_BEHIND');
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test.each(['first', 'second'])('error: the %s can’t hold a revocation back', async (place) => {
    const late = await laggingEndpoint();
    const order = place === 'first' ? both(late.url, world.rpcUrl) : both(world.rpcUrl, late.url);
    const keeper = await runKeeper(world, { ...order, chainGraceMs: 100 });
    const opened = await writeAndOpen(world);
    await late.stay();
    expect(await ask(keeper, opened, [opened.record])).toMatchObject(released);
    await revoke();
    expect(await codeOf(keeper.url, opened)).toBe('CHAIN_BEHIND');
    late.catchUp();
    expect(await ask(keeper, opened, [opened.record])).toMatchObject(refused('denied'));
  });

  test('error: all of them, by more than the head may be old', async () => {
    const late = await laggingEndpoint();
    const keeper = await runKeeper(world, { rpcUrls: [late.url], maxHeadAge: 120 });
    const opened = await writeAndOpen(world);
    await late.stay();
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 400_000);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await codeOf(keeper.url, opened)).toBe('CHAIN_STALE');
  });
});

describe('an endpoint that lies', () => {
  test('error: that a newer block exists, in which nothing was revoked', async () => {
    const opened = await writeAndOpen(world);
    let lying = false;
    const invented = {
      hash: `0x${'cd'.repeat(32)}`,
      number: '0xffffff',
      timestamp: numberToHex(Math.floor(Date.now() / 1000)),
    };
    const liar = await lyingEndpoint(world, ({ method }, result) =>
      lying && method.startsWith('eth_getBlock') ? invented : result,
    );
    const keeper = await runKeeper(world, { rpcUrls: [liar.url, world.rpcUrl], chainGraceMs: 100 });
    lying = true;
    expect(await codeOf(keeper.url, opened)).toBe('CHAIN_BEHIND');
  });

  test('error: about what stood C blocks ago', async () => {
    const opened = await writeAndOpen(world);
    let lying = false;
    const liar = await lyingEndpoint(world, ({ method, params }, result) =>
      lying && method === 'eth_getBlockByNumber' && params?.[0] !== 'latest'
        ? { ...(result as object), hash: `0x${'ef'.repeat(32)}` }
        : result,
    );
    const keeper = await runKeeper(world, { rpcUrls: [world.rpcUrl, liar.url], confirmations: 1 });
    await world.chain.mine({ blocks: 1 });
    lying = true;
    expect(await codeOf(keeper.url, opened)).toBe('CHAIN_DISAGREES');
  });

  test('error: about the same block’s height', async () => {
    const opened = await writeAndOpen(world);
    let lying = false;
    const liar = await lyingEndpoint(world, ({ method }, result) =>
      lying && method.startsWith('eth_getBlock') ? { ...(result as object), number: '0x1' } : result,
    );
    const keeper = await runKeeper(world, { rpcUrls: [world.rpcUrl, liar.url] });
    lying = true;
    expect(await codeOf(keeper.url, opened)).toBe('CHAIN_DISAGREES');
  });
});

describe('a clock that is off', () => {
  test.each([
    ['behind', -400_000],
    ['ahead', 400_000],
  ])('error: %s by more than the head may be old', async (_way, offMs) => {
    const keeper = await runKeeper(world, { maxHeadAge: 120 });
    const opened = await writeAndOpen(world);
    expect(await ask(keeper, opened, [opened.record])).toMatchObject(released);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + offMs);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await codeOf(keeper.url, opened)).toBe('CHAIN_STALE');
  });

  test('behavior: a clock that is behind does not make an opening younger than the chain says', async () => {
    const keeper = await runKeeper(world);
    const opened = await writeAndOpen(world);
    await world.chain.increaseTime({ seconds: 3_700 });
    await world.chain.mine({ blocks: 1 });
    vi.spyOn(Date, 'now').mockReturnValue(opened.opening.openedAt * 1_000);
    onTestFinished(() => void vi.restoreAllMocks());
    expect(await ask(keeper, opened, [opened.record])).toMatchObject(refused('opening-too-old'));
  });
});

describe('codeHash', () => {
  test('error: other code than the operator pinned', async () => {
    await expect(runKeeper(world, { codeHash: `0x${'00'.repeat(32)}` })).rejects.toThrow(
      'codeHash: the contracts on this chain have other code than the one that was pinned',
    );
  });
});

test('behavior: an opening is asked about at the newest block', async () => {
  const keeper = await runKeeper(world);
  const opened = await writeAndOpen(world);
  const again = await open(world, [opened.record.recordId]);
  expect(await ask(keeper, again, [opened.record])).toMatchObject(released);
});
