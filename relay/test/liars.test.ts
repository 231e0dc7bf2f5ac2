import {
  consentRegistryAbi,
  endSession,
  grantConsent,
  revokeConsent,
  type SignedRequest,
  sessionForwarderAbi,
  startSession,
} from '@chartkey/sdk';
import { type Address, encodeFunctionData, type Hex, isAddressEqual } from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { devAccount } from '../../scripts/lib/accounts.ts';
import { deployContracts } from '../../scripts/lib/chain.ts';
import type { RunningRelay } from '../../scripts/lib/relay.ts';
import { accepts, idOf, type Liar, type Lies, problem, sendBatch, startLiar } from './liar.ts';
import {
  enrolPatient,
  newcomer,
  nonceOf,
  runRelay,
  startWorld,
  through,
  until,
  type World,
  YEAR,
} from './world.ts';

/** Pays for what the liar sends. */
const CROOK = devAccount(18);
const OTHER_HASH: Hex = `0x${'ab'.repeat(32)}`;
/** Long enough that a test never waits for it. */
const PATIENT = 600_000;
const IMPATIENT = 300;

let world: World;
let honest: RunningRelay;

beforeAll(async () => {
  world = await startWorld();
  honest = await runRelay(world);
});
afterAll(async () => {
  await honest?.service.close();
  await world?.close();
});

async function liar(lies: Lies, patienceMs = PATIENT): Promise<Liar> {
  const relay = await startLiar(lies, patienceMs);
  onTestFinished(() => relay.close());
  return relay;
}

async function patient({ ether = 0n } = {}): Promise<PrivateKeyAccount> {
  const { account } = await enrolPatient(world, honest);
  if (ether > 0n) {
    const rich = world.clientOf(devAccount(17));
    const sent = { account: devAccount(17), chain: null, to: account.address, value: ether };
    const hash = await rich.walletClient?.sendTransaction(sent);
    if (hash) await rich.publicClient.waitForTransactionReceipt({ hash });
  }
  return account;
}

function share(account: PrivateKeyAccount, relay: Liar | RunningRelay, accessor = newcomer().address) {
  const expiresAt = Math.floor(Date.now() / 1000) + YEAR;
  const consent = {
    compartments: [0],
    purposes: ['TREAT'],
    startsAt: 0,
    expiresAt,
    mayWrite: false,
  } as const;
  return grantConsent(through(world, relay, account), { accessor, consent });
}

/** With whom a patient's consents stand, in the order of the chain: what was really done. */
async function sharedWith(person: PrivateKeyAccount): Promise<Address[]> {
  const logs = await world.clientOf().publicClient.getContractEvents({
    address: world.deployment.consents,
    abi: consentRegistryAbi,
    eventName: 'ConsentGranted',
    args: { patient: person.address },
    fromBlock: 0n,
    strict: true,
  });
  return logs.map(({ args }) => args.accessor);
}

const crookSends = (requests: Parameters<typeof sendBatch>[2]) => sendBatch(world, CROOK, requests);
const ETHER = 10n ** 18n;

describe('a relay that lies', () => {
  test('behavior: drops: its person sends the same request, and what was kept does nothing any more', async () => {
    const account = await patient({ ether: ETHER });
    const relay = await liar({ onPost: accepts }, IMPATIENT);
    const accessor = newcomer().address;
    const sent = await share(account, relay, accessor);
    expect(isAddressEqual(sent.receipt.from, account.address)).toBe(true);
    await crookSends(relay.kept);
    expect(await sharedWith(account)).toEqual([accessor]);
  });

  test('behavior: delays: nothing is told before it stands, and then its own', async () => {
    const account = await patient();
    const relay = await liar({ onPost: accepts });
    const accessor = newcomer().address;
    let told = false;
    const sharing = share(account, relay, accessor).finally(() => {
      told = true;
    });
    await until(async () => relay.kept.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(told).toBe(false);
    await crookSends(relay.kept);
    expect((await sharing).receipt.logs).toHaveLength(2);
    expect(await sharedWith(account)).toEqual([accessor]);
  });

  test('behavior: reorders and replays: each once, in the order in which they were signed', async () => {
    const account = await patient();
    const relay = await liar({ onPost: accepts });
    const accessors = [newcomer().address, newcomer().address, newcomer().address];
    const sharing: Promise<unknown>[] = [];
    for (const accessor of accessors) {
      sharing.push(share(account, relay, accessor));
      await until(async () => relay.kept.length === sharing.length);
    }
    const [first, second, third] = relay.kept as [SignedRequest, SignedRequest, SignedRequest];
    await crookSends([third, second]);
    expect(await sharedWith(account)).toEqual([]);
    await crookSends([third, second, first, first, first]);
    await crookSends([first, second, second, first]);
    await crookSends([third, first, second, third]);
    await Promise.all(sharing);
    expect(await sharedWith(account)).toEqual(accessors);
  });

  test('behavior: edits: what was not signed is not done, whatever was changed', async () => {
    const account = await patient({ ether: ETHER });
    const other = await patient();
    const relay = await liar(
      {
        onPost: async (requests) => {
          for (const request of requests) await sendEdited(request, other);
          return accepts(requests);
        },
      },
      IMPATIENT,
    );
    const accessor = newcomer().address;
    const sent = await share(account, relay, accessor);
    expect(isAddressEqual(sent.receipt.from, account.address)).toBe(true);
    expect(await sharedWith(account)).toEqual([accessor]);
    expect(await sharedWith(other)).toEqual([]);
  });

  test('behavior: sends it to other contracts: nothing is done there', async () => {
    const account = await patient();
    const elsewhere = await deployContracts(world.rpcUrl, `${world.folder}/elsewhere.json`);
    expect(elsewhere.forwarder).not.toBe(world.deployment.forwarder);
    const relay = await liar({ onPost: accepts });
    const accessor = newcomer().address;
    const sharing = share(account, relay, accessor);
    await until(async () => relay.kept.length === 1);
    const moved = relay.kept.map((request) => ({ ...request, to: elsewhere.consents }));
    await sendBatch(world, CROOK, [...relay.kept, ...moved], elsewhere.forwarder);
    const at = { address: elsewhere.forwarder, abi: sessionForwarderAbi, functionName: 'nonces' } as const;
    expect(await world.clientOf().publicClient.readContract({ ...at, args: [account.address] })).toBe(0n);
    expect(await sharedWith(account)).toEqual([]);
    await crookSends(relay.kept);
    await sharing;
  });

  test('behavior: claims success with a made-up hash: nobody believes it', async () => {
    const account = await patient({ ether: ETHER });
    const done = (id: Hex) => ({ id, state: 'done', transaction: OTHER_HASH });
    const relay = await liar(
      {
        onPost: (requests) => ({ body: { requests: requests.map((request) => done(idOf(request))) } }),
        onStatus: (id) => ({ body: done(id) }),
      },
      IMPATIENT,
    );
    const accessor = newcomer().address;
    const sent = await share(account, relay, accessor);
    expect(sent.hash).not.toBe(OTHER_HASH);
    expect(await sharedWith(account)).toEqual([accessor]);
  });

  test('behavior: names another’s transaction: what is told is the request’s own', async () => {
    const [account, other] = [await patient(), await patient()];
    const others = await share(other, honest);
    const done = (id: Hex) => ({ id, state: 'done', transaction: others.hash });
    const relay = await liar({
      onPost: async (requests) => {
        await crookSends(requests);
        return { body: { requests: requests.map((request) => done(idOf(request))) } };
      },
      onStatus: (id) => ({ body: done(id) }),
    });
    const sent = await share(account, relay);
    expect(sent.hash).not.toBe(others.hash);
    expect(sent.receipt.logs.map(({ topics }) => topics)).not.toEqual(
      others.receipt.logs.map(({ topics }) => topics),
    );
  });

  describe('claims failure, and has sent it', () => {
    const failures: Readonly<Record<string, ReturnType<Lies['onPost']>>> = {
      'hangs up': undefined,
      'says that it failed': problem('INTERNAL', 500),
      'says that the contracts refuse': problem('CALL_REFUSED', 422),
      'says something that is no answer': { body: { requests: 'none' } },
    };
    for (const [name, failure] of Object.entries(failures)) {
      for (const ether of [0n, ETHER]) {
        test(`behavior: ${name}, to somebody ${ether === 0n ? 'without' : 'with'} ether: done once, and told so`, async () => {
          const account = await patient({ ether });
          const relay = await liar({
            onPost: async (requests) => {
              await crookSends(requests);
              return failure;
            },
          });
          const accessor = newcomer().address;
          const sent = await share(account, relay, accessor);
          expect(isAddressEqual(sent.receipt.from, CROOK.address)).toBe(true);
          await crookSends(relay.kept);
          expect(await sharedWith(account)).toEqual([accessor]);
        });
      }
    }

    test('behavior: and sends it only after its person did: once', async () => {
      const account = await patient({ ether: ETHER });
      const relay = await liar({ onPost: () => undefined });
      const accessor = newcomer().address;
      await share(account, relay, accessor);
      await crookSends(relay.kept);
      expect(await sharedWith(account)).toEqual([accessor]);
      // And the next one has a number that counts.
      await share(account, honest);
      expect(await sharedWith(account)).toHaveLength(2);
    });
  });

  describe('refuses a request, keeps it, and does it instead of another one', () => {
    const refuse = problem('RATE_LIMITED', 429);

    async function twoSigned(order: (kept: readonly SignedRequest[]) => readonly SignedRequest[]) {
      const account = await patient();
      const relay: Liar = await liar({
        onPost: async (requests) => {
          if (relay.kept.length === 1) return refuse;
          await crookSends(order(relay.kept));
          return accepts(requests);
        },
      });
      const [refused, wanted] = [newcomer().address, newcomer().address];
      await expect(share(account, relay, refused)).rejects.toMatchObject({ code: 'RELAY_REFUSED' });
      const second = share(account, relay, wanted);
      return { account, second, refused, wanted };
    }

    test('error: its person is told that the other one was done', async () => {
      const { account, second, refused, wanted } = await twoSigned((kept) => kept.slice(0, 1));
      await expect(second).rejects.toMatchObject({ code: 'RELAY_WRONG_ANSWER' });
      expect(await sharedWith(account)).toEqual([refused]);
      await share(account, honest, wanted);
      await revokeConsent(through(world, honest, account), { accessor: refused });
      expect(await sharedWith(account)).toEqual([refused, wanted]);
    });

    test('error: also if both go in one transaction', async () => {
      const { account, second, refused } = await twoSigned((kept) => kept);
      await expect(second).rejects.toMatchObject({ code: 'RELAY_WRONG_ANSWER' });
      expect(await sharedWith(account)).toEqual([refused]);
    });

    test('default: the right one among several of one person is found', async () => {
      const { account, second, wanted } = await twoSigned((kept) => kept.toReversed());
      await second;
      expect(await sharedWith(account)).toEqual([wanted]);
    });
  });

  // The last of all: the chain's clock is ahead from here on.
  test('behavior: keeps what starts a session, and sends it after its deadline: nothing begins', async () => {
    const account = await patient();
    const relay = await liar({ onPost: accepts });
    const chainNow = Number((await world.clientOf().publicClient.getBlock()).timestamp);
    const starting = startSession(through(world, relay, account), { expiresAt: chainNow + 11 * 3_600 });
    starting.catch(() => undefined);
    await until(async () => relay.kept.length === 1);
    const { publicClient } = world.clientOf();
    const rpc = (method: string, params: unknown[] = []) =>
      publicClient.request({ method, params } as unknown as { method: 'eth_chainId' });
    await rpc('evm_increaseTime', [3_600]);
    await rpc('evm_mine');
    const before = await nonceOf(world, account.address);
    await crookSends(relay.kept);
    expect(await nonceOf(world, account.address)).toBe(before);
    await expect(endSession(through(world, honest, account))).rejects.toMatchObject({
      code: 'CONTRACT_REFUSED',
    });
  });
});

/** Every field, one at a time, and all of it in the name of somebody else. */
async function sendEdited(request: SignedRequest, other: PrivateKeyAccount): Promise<void> {
  const { deployment } = world;
  const revoke = encodeFunctionData({ abi: consentRegistryAbi, functionName: 'revokeAll' });
  const flipped = `${request.signature.slice(0, 20)}${request.signature[20] === '0' ? '1' : '0'}${request.signature.slice(21)}`;
  const edits = [
    { from: other.address },
    { to: deployment.records },
    { to: deployment.forwarder },
    { gas: request.gas - 1n },
    { gas: request.gas + 100_000n },
    { deadline: request.deadline + 86_400 },
    { data: revoke },
    { data: request.data.replace(/.$/, '1') as Hex },
    { signature: flipped as Hex },
    { value: 1n },
  ];
  // Several in one go too: the forwarder passes over each.
  await crookSends(edits.map((edit) => ({ ...request, ...edit })));
  for (const edit of edits) await crookSends([{ ...request, ...edit }]).catch(() => false);
  expect(await nonceOf(world, request.from)).toBe(request.nonce);
}
