import {
  accessLogAbi,
  endSession,
  openRecords,
  purposeToNumber,
  startSession,
  suspendProvider,
} from '@chartkey/sdk';
import { encodeFunctionData, type Hex } from 'viem';
import { generatePrivateKey, type LocalAccount, privateKeyToAddress } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ACTORS, devAccount } from '../../scripts/lib/accounts.ts';
import type { RunningRelay } from '../../scripts/lib/relay.ts';
import {
  askRelay,
  decline,
  declinedBy,
  digest,
  enrolClinician,
  enrolPatient,
  expectProblem,
  nonceOf,
  post,
  runRelay,
  sign,
  signByKey,
  startWorld,
  until,
  type World,
} from './world.ts';

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

type Settings = Readonly<Record<string, string>>;

async function run(settings: Settings, account: Parameters<typeof runRelay>[1] = {}): Promise<RunningRelay> {
  const env = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`CHARTKEY_RELAY_${name}`, value]),
  );
  const relay = await runRelay(world, { account: devAccount(15), ...account, env });
  onTestFinished(() => relay.service.close());
  return relay;
}

/** One that accepts and can't pay: what it has waits until somebody gives it ether. */
async function runPoor(settings: Settings = {}) {
  const key = generatePrivateKey();
  const relay = await run(settings, { account: key });
  const fund = async () => {
    const rich = world.clientOf(devAccount(17)).walletClient;
    await rich?.sendTransaction({ to: privateKeyToAddress(key), value: 10n ** 19n, chain: null });
  };
  return { relay, fund };
}

async function requests(person: LocalAccount, count: number, wanted: { deadline?: number } = {}) {
  const first = await nonceOf(world, person.address);
  const numbers = Array.from({ length: count }, (_, i) => i);
  return Promise.all(
    numbers.map((i) => sign(world, person, { ...wanted, data: decline(i), nonce: first + BigInt(i) })),
  );
}

async function stateOf(relay: RunningRelay, id: string): Promise<Record<string, unknown>> {
  return (await (await askRelay(relay, `/v1/requests/${id}`)).json()) as Record<string, unknown>;
}

async function accepted(relay: RunningRelay, own: Parameters<typeof post>[1]): Promise<string> {
  const answer = await post(relay, own);
  expect(answer.status).toBe(200);
  const { requests: told } = (await answer.json()) as { requests: { id: string }[] };
  return told[0]?.id ?? '';
}

describe('limits', () => {
  test('error: more than one person may have waiting, and more than all together may', async () => {
    const { relay } = await runPoor({ WAITING_PER_PERSON: '3', MAX_WAITING: '5', RATE_PER_PERSON: '0' });
    const [one, other] = [
      (await enrolPatient(world, honest)).account,
      (await enrolPatient(world, honest)).account,
    ];
    const own = await requests(one, 4);
    await expectProblem(relay, own, 'RATE_LIMITED');
    await accepted(relay, own.slice(0, 3));
    const late = await post(relay, own.slice(3));
    expect([late.status, late.headers.get('retry-after')]).toEqual([429, '10']);
    await expectProblem(relay, await requests(other, 3), 'BUSY');
    await accepted(relay, await requests(other, 2));
  });

  test('error: more than one person may send in a minute; others may', async () => {
    const relay = await run({ RATE_PER_PERSON: '2' });
    const [one, other] = [
      (await enrolPatient(world, honest)).account,
      (await enrolPatient(world, honest)).account,
    ];
    const own = await requests(one, 3);
    await accepted(relay, own.slice(0, 2));
    await until(async () => (await declinedBy(world, one.address)).length === 2);
    await expectProblem(relay, own.slice(2), 'RATE_LIMITED');
    await accepted(relay, await requests(other, 2));
  });

  test('error: more people than may register in an hour', async () => {
    const relay = await run({ ENROLMENTS_PER_HOUR: '1' });
    const { account } = await enrolPatient(world, relay);
    await expect(enrolPatient(world, relay)).rejects.toMatchObject({
      code: 'RELAY_REFUSED',
      retryable: true,
    });
    // Whoever is registered is served.
    await accepted(relay, await requests(account, 1));
  });

  test('error: more gas than a request may ask for', async () => {
    const relay = await run({ MAX_REQUEST_GAS: '150000' });
    const { account } = await enrolPatient(world, honest);
    await expectProblem(
      relay,
      [await sign(world, account, { data: decline(0), gas: 150_001n })],
      'GAS_TOO_HIGH',
    );
    await accepted(relay, [await sign(world, account, { data: decline(0), gas: 150_000n })]);
  });

  test('behavior: a relay that can’t pay says so, keeps what it has, and sends it once it can', async () => {
    const { relay, fund } = await runPoor();
    const { account } = await enrolPatient(world, honest);
    const id = await accepted(relay, await requests(account, 3));
    await until(async () => (await askRelay(relay, '/readyz')).status === 503);
    expect(await (await askRelay(relay, '/readyz')).json()).toMatchObject({
      type: 'urn:chartkey:problem:FUNDS_LOW',
    });
    expect(await stateOf(relay, id)).toMatchObject({ state: 'waiting' });
    await fund();
    await until(async () => (await declinedBy(world, account.address)).length === 3);
    expect(await declinedBy(world, account.address)).toEqual([0, 1, 2]);
  });
});

describe('what changes while a request waits', () => {
  async function shift() {
    const owner = await enrolPatient(world, honest, { records: 1 });
    const clinician = await enrolClinician(world, honest, owner.client);
    const expiresAt = Math.floor(Date.now() / 1000) + 3_600;
    const { session } = await startSession(clinician.client, { expiresAt });
    const keyHash = digest('key');
    const opening = { recordIds: owner.recordIds, purpose: 'TREAT', keyHash } as const;
    const data = encodeFunctionData({
      abi: accessLogAbi,
      functionName: 'openRecords',
      args: [opening.recordIds, purposeToNumber('TREAT'), keyHash, 0],
    });
    const request = { from: clinician.account.address, to: world.deployment.log, data };
    return { clinician, session, opening, signed: await signByKey(world, session.key, request) };
  }

  async function openedBy(accessor: Hex): Promise<number> {
    const logs = await world.clientOf().publicClient.getContractEvents({
      address: world.deployment.log,
      abi: accessLogAbi,
      eventName: 'RecordOpened',
      fromBlock: 0n,
      strict: true,
    });
    return logs.filter(({ args }) => args.accessor === accessor).length;
  }

  test('error: the session was ended: nothing is opened', async () => {
    const { clinician, signed } = await shift();
    const { relay, fund } = await runPoor();
    const id = await accepted(relay, [signed]);
    await endSession(clinician.client);
    await fund();
    await until(async () => (await stateOf(relay, id)).state === 'refused');
    expect(await stateOf(relay, id)).toMatchObject({ problem: 'SIGNATURE_INVALID' });
    expect(await openedBy(clinician.account.address)).toBe(0);
  });

  test('error: the person was suspended: nothing is opened', async () => {
    const { clinician, signed, opening, session } = await shift();
    const { relay, fund } = await runPoor();
    const id = await accepted(relay, [signed]);
    await suspendProvider(world.clientOf(ACTORS.manager), { provider: clinician.account.address });
    await fund();
    await until(async () => !['waiting', 'sent'].includes(String((await stateOf(relay, id)).state)));
    expect(await openedBy(clinician.account.address)).toBe(0);
    const onShift = { ...clinician.client, session };
    await expect(openRecords(onShift, opening)).rejects.toMatchObject({ code: 'CONTRACT_REFUSED' });
  });

  test('error: its number was used elsewhere: what became of it is found', async () => {
    const { relay, fund } = await runPoor();
    const { account } = await enrolPatient(world, honest);
    const own = await requests(account, 2);
    const id = await accepted(relay, own);
    await accepted(honest, own);
    await until(async () => (await declinedBy(world, account.address)).length === 2);
    await fund();
    await until(async () => (await stateOf(relay, id)).state === 'done');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await declinedBy(world, account.address)).toEqual([0, 1]);
  });

  // The last of all: the chain's clock is ahead from here on.
  test('error: its deadline passed: it is not sent', async () => {
    const { relay, fund } = await runPoor();
    const { account } = await enrolPatient(world, honest);
    const { timestamp } = await world.clientOf().publicClient.getBlock();
    const now = Math.max(Number(timestamp), Math.floor(Date.now() / 1000));
    const id = await accepted(relay, await requests(account, 1, { deadline: now + 600 }));
    const rpc = (method: string, params: unknown[] = []) =>
      world.clientOf().publicClient.request({ method, params } as unknown as { method: 'eth_chainId' });
    await rpc('evm_increaseTime', [700]);
    await rpc('evm_mine');
    await until(async () => (await stateOf(relay, id)).state === 'refused');
    expect(await stateOf(relay, id)).toMatchObject({ problem: 'REQUEST_EXPIRED' });
    await fund();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await declinedBy(world, account.address)).toEqual([]);
  });
});
