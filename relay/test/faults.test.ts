import { grantConsent, type SignedRequest, submitRequests } from '@chartkey/sdk';
import type { PrivateKeyAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { devAccount } from '../../scripts/lib/accounts.ts';
import type { RunningRelay } from '../../scripts/lib/relay.ts';
import {
  askRelay,
  decline,
  declinedBy,
  enrolPatient,
  newcomer,
  nonceOf,
  runRelay,
  sentBy,
  sign,
  startWorld,
  through,
  until,
  type World,
  YEAR,
} from './world.ts';

const PEOPLE = 10;
const EACH = 20;
const KILLS = 6;
const LONGEST_LIFE_MS = 250;
const numbers = Array.from({ length: EACH }, (_, i) => i);

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());

async function run(options: Parameters<typeof runRelay>[1] = {}): Promise<RunningRelay> {
  const relay = await runRelay(world, {
    ...options,
    env: { CHARTKEY_RELAY_RATE_PER_PERSON: '0', ...options.env },
  });
  onTestFinished(() => relay.service.close());
  return relay;
}

async function patients(relay: RunningRelay, count: number): Promise<PrivateKeyAccount[]> {
  const enrolled = await Promise.all(Array.from({ length: count }, () => enrolPatient(world, relay)));
  return enrolled.map(({ account }) => account);
}

async function queued(people: readonly PrivateKeyAccount[], each = EACH): Promise<SignedRequest[][]> {
  return Promise.all(
    people.map(async (person) => {
      const first = await nonceOf(world, person.address);
      const own = Array.from({ length: each }, (_, i) => i);
      return Promise.all(own.map((i) => sign(world, person, { data: decline(i), nonce: first + BigInt(i) })));
    }),
  );
}

const allMade =
  (people: readonly PrivateKeyAccount[], each = EACH) =>
  async () => {
    const made = await Promise.all(people.map((person) => declinedBy(world, person.address)));
    return made.every(({ length }) => length >= each);
  };

async function expectOnceAndInOrder(people: readonly PrivateKeyAccount[], expected = numbers) {
  for (const person of people) expect(await declinedBy(world, person.address)).toEqual(expected);
}

describe('faults', () => {
  test('behavior: the chain is down for a minute with 200 requests waiting; all arrive once, in each order', async () => {
    const gather = await run({ env: { CHARTKEY_RELAY_GATHER_MS: '4000', CHARTKEY_RELAY_POLL_MS: '4000' } });
    const people = await patients(gather, PEOPLE);
    const requests = await queued(people);
    for (const own of requests) await submitRequests(gather, own);
    process.kill(world.chain.pid ?? 0, 'SIGSTOP');
    try {
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      const ready = await askRelay(gather, '/readyz');
      expect(ready.status).toBe(503);
    } finally {
      process.kill(world.chain.pid ?? 0, 'SIGCONT');
    }
    await until(allMade(people));
    await expectOnceAndInOrder(people);
  }, 200_000);

  test('behavior: a relay that is killed again and again sends each once', async () => {
    const relay = await run();
    const people = await patients(relay, 5);
    const requests = await queued(people);
    for (const own of requests) await submitRequests(relay, own);
    for (let kills = 0; kills < KILLS; ++kills) {
      // Whatever it is doing: taking, writing, sending, or looking what became of it.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LONGEST_LIFE_MS));
      await relay.service.kill();
      await relay.restart();
    }
    await until(allMade(people));
    await expectOnceAndInOrder(people);
    await relay.service.close();
  });

  test('behavior: several relays with the same requests, on one account and on two, make each once', async () => {
    const relays = [await run(), await run(), await run({ account: devAccount(15) })];
    const [first] = relays;
    if (!first) throw new Error('no relay');
    const people = await patients(first, 5);
    const requests = await queued(people);
    const posts = relays.flatMap((relay) => requests.map((own) => submitRequests(relay, own)));
    // Who is late meets numbers that are used: that is a refusal, and no second call.
    await Promise.allSettled(posts);
    await until(allMade(people));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await expectOnceAndInOrder(people);
    for (const relay of relays) expect((await askRelay(relay, '/readyz')).status).toBe(200);
  });

  test('behavior: a transaction that is stuck is replaced by one with a higher fee', async () => {
    const relay = await run({ env: { CHARTKEY_RELAY_STUCK_AFTER_MS: '500' } });
    const [person] = await patients(relay, 1);
    if (!person) throw new Error('nobody');
    const { publicClient } = world.clientOf();
    const rpc = (method: string, params: unknown[] = []) =>
      publicClient.request({ method, params } as unknown as { method: 'eth_chainId' });
    await rpc('evm_setAutomine', [false]);
    try {
      const [own = []] = await queued([person], 3);
      await submitRequests(relay, own);
      await until(async () => {
        const text = await (await askRelay(relay, '/metrics')).text();
        return /chartkey_relay_replacements_total [1-9]/.test(text);
      });
      await rpc('evm_mine');
    } finally {
      await rpc('evm_setAutomine', [true]);
    }
    await until(allMade([person], 3));
    await expectOnceAndInOrder([person], [0, 1, 2]);
  });

  test('behavior: above the fee cap nothing is sent, and it says so', async () => {
    const rich = await run();
    const [person] = await patients(rich, 1);
    if (!person) throw new Error('nobody');
    const relay = await run({ account: devAccount(16), env: { CHARTKEY_RELAY_FEE_CAP: '1' } });
    const [own = []] = await queued([person], 1);
    await submitRequests(relay, own);
    await until(async () => (await askRelay(relay, '/readyz')).status === 503);
    expect(await (await askRelay(relay, '/readyz')).json()).toMatchObject({
      type: 'urn:chartkey:problem:FEES_HIGH',
    });
    expect(await sentBy(world, devAccount(16).address)).toBe(0);
  });
});

describe('a relay that is down', () => {
  const nowhere = { url: 'http://127.0.0.1:9' };
  const consent = {
    compartments: [0],
    purposes: ['TREAT'],
    startsAt: 0,
    expiresAt: Math.floor(Date.now() / 1000) + YEAR,
    mayWrite: false,
  } as const;

  test('behavior: who can pay sends it himself', async () => {
    const relay = await run();
    const { account } = await enrolPatient(world, relay);
    await world.clientOf(devAccount(17)).walletClient?.sendTransaction({
      account: devAccount(17),
      chain: null,
      to: account.address,
      value: 10n ** 18n,
    });
    const sent = await grantConsent(through(world, nowhere, account), {
      accessor: newcomer().address,
      consent,
    });
    expect(sent.receipt.from.toLowerCase()).toBe(account.address.toLowerCase());
  });

  test('error: who can’t is told what to do', async () => {
    const relay = await run();
    const { account } = await enrolPatient(world, relay);
    await expect(
      grantConsent(through(world, nowhere, account), { accessor: newcomer().address, consent }),
    ).rejects.toMatchObject({ code: 'RELAY_UNREACHABLE', retryable: true });
  });
});
