import {
  accessLogAbi,
  appointRepresentative,
  consentRegistryAbi,
  endRepresentation,
  endSession,
  forwardTypedData,
  openRecords,
  purposeToNumber,
  type RelayProblemCode,
  relayInfo,
  requestToWire,
  type SessionKey,
  type SignedRequest,
  sessionForwarderAbi,
  startSession,
  suspendProvider,
} from '@chartkey/sdk';
import { encodeFunctionData, type Hex } from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import type { RunningRelay } from '../../scripts/lib/relay.ts';
import {
  askRelay,
  decline,
  declinedBy,
  digest,
  enrolClinician,
  enrolPatient,
  newcomer,
  nonceOf,
  post,
  expectProblem as refused,
  runRelay,
  sign,
  signByKey,
  startWorld,
  until,
  type World,
  YEAR,
} from './world.ts';

let world: World;
let relay: RunningRelay;
let patient: PrivateKeyAccount;

beforeAll(async () => {
  world = await startWorld();
  relay = await runRelay(world);
  patient = (await enrolPatient(world, relay)).account;
});
afterAll(async () => {
  await relay?.service.close();
  await world?.close();
});

const expectProblem = (requests: readonly SignedRequest[] | string, code: RelayProblemCode) =>
  refused(relay, requests, code);

describe('POST /v1/requests refuses', () => {
  test('error: what was made already', async () => {
    const request = await sign(world, patient, { data: decline(1) });
    expect((await post(relay, [request])).status).toBe(200);
    await until(async () => (await nonceOf(world, patient.address)) > request.nonce);
    await until(async () => {
      const response = await post(relay, [request]);
      return response.status === 409;
    });
    await expectProblem([request], 'NONCE_USED');
    expect(await declinedBy(world, patient.address)).toEqual([1]);
  });

  test('error: what has run out, or is about to, or counts for longer than a day', async () => {
    const now = Math.floor(Date.now() / 1000);
    await expectProblem(
      [await sign(world, patient, { data: decline(2), deadline: now - 1 })],
      'REQUEST_EXPIRED',
    );
    await expectProblem(
      [await sign(world, patient, { data: decline(2), deadline: now + 5 })],
      'REQUEST_EXPIRED',
    );
    const late = await sign(world, patient, { data: decline(2), deadline: now + 200_000 });
    await expectProblem([late], 'INPUT_INVALID');
  });

  test('error: what comes before its turn', async () => {
    const nonce = await nonceOf(world, patient.address);
    await expectProblem([await sign(world, patient, { data: decline(3), nonce: nonce + 1n })], 'NONCE_AHEAD');
    const [first, second] = [
      await sign(world, patient, { data: decline(3), nonce }),
      await sign(world, patient, { data: decline(4), nonce: nonce + 1n }),
    ];
    await expectProblem([second, first], 'NONCE_AHEAD');
  });

  test('error: what was signed for another chain, forwarder, contract or person, or was changed', async () => {
    const data = decline(5);
    for (const deployment of [{ chainId: 1 }, { forwarder: world.deployment.log }]) {
      await expectProblem([await sign(world, patient, { data, deployment })], 'SIGNATURE_INVALID');
    }
    const good = await sign(world, patient, { data });
    await expectProblem([{ ...good, from: newcomer().address }], 'SIGNATURE_INVALID');
    await expectProblem([{ ...good, data: decline(6) }], 'SIGNATURE_INVALID');
    await expectProblem([{ ...good, gas: good.gas + 1n }], 'SIGNATURE_INVALID');
    await expectProblem([{ ...good, deadline: good.deadline + 1 }], 'SIGNATURE_INVALID');
    await expectProblem([{ ...good, to: world.deployment.records }], 'TARGET_UNKNOWN');
    await expectProblem([{ ...good, to: ACTORS.outsider.address }], 'TARGET_UNKNOWN');
    await expectProblem([{ ...good, to: world.deployment.authority }], 'TARGET_UNKNOWN');
    const flipped = `${good.signature.slice(0, 10)}${good.signature[10] === '0' ? '1' : '0'}${good.signature.slice(11)}`;
    await expectProblem([{ ...good, signature: flipped as Hex }], 'SIGNATURE_INVALID');
    await expectProblem([{ ...good, signature: '0x' }], 'SIGNATURE_INVALID');
  });

  test('error: opaque bytes where an action has a type of its own', async () => {
    const { signature: _, ...request } = await sign(world, patient, { data: decline(7) });
    const signature = await patient.signTypedData(forwardTypedData(world.deployment, request));
    await expectProblem([{ ...request, signature }], 'SIGNATURE_INVALID');
  });

  test('error: strangers, unless they register', async () => {
    const data = encodeFunctionData({ abi: sessionForwarderAbi, functionName: 'endSession' });
    const request = await sign(world, newcomer(), { to: world.deployment.forwarder, data });
    await expectProblem([request], 'NOT_PARTICIPANT');
  });

  test('behavior: a representative is no stranger to openings while it stands', async () => {
    const owner = await enrolPatient(world, relay, { records: 1 });
    const carer = newcomer();
    const opening = { recordIds: owner.recordIds, purpose: 'PATRQT', keyHash: digest('key') } as const;
    const data = encodeFunctionData({
      abi: accessLogAbi,
      functionName: 'openRecords',
      args: [opening.recordIds, purposeToNumber('PATRQT'), digest('key'), 0],
    });
    const to = world.deployment.log;
    await expectProblem([await sign(world, carer, { to, data })], 'NOT_PARTICIPANT');
    const both = { patient: owner.account.address, representative: carer.address };
    const expiresAt = Math.floor(Date.now() / 1000) + YEAR;
    await appointRepresentative(owner.client, { representative: carer.address, expiresAt });
    const { opening: opened } = await openRecords({ ...world.clientOf(carer), relay }, opening);
    expect(opened?.accessor).toBe(carer.address);
    await endRepresentation(owner.client, both);
    await expectProblem([await sign(world, carer, { to, data })], 'NOT_PARTICIPANT');
  });

  test('error: what the contracts would refuse, and what asks for too much gas', async () => {
    const args = [ACTORS.outsider.address] as const;
    const data = encodeFunctionData({ abi: consentRegistryAbi, functionName: 'revokeConsent', args });
    await expectProblem([await sign(world, patient, { data })], 'CALL_REFUSED');
    await expectProblem([await sign(world, patient, { data: decline(8), gas: 1_000n })], 'CALL_REFUSED');
    await expectProblem([await sign(world, patient, { data: decline(8), gas: 6_000_000n })], 'GAS_TOO_HIGH');
  });

  test('error: what is no request', async () => {
    await expectProblem('{', 'INPUT_INVALID');
    await expectProblem('{"requests":[]}', 'INPUT_INVALID');
    const good = requestToWire(await sign(world, patient, { data: decline(9) }));
    for (const change of [{ gas: '0x10' }, { nonce: -1 }, { data: 'x' }, { value: '1' }, { deadline: 1.5 }]) {
      await expectProblem(JSON.stringify({ requests: [{ ...good, ...change }] }), 'INPUT_INVALID');
    }
    await expectProblem(JSON.stringify({ requests: Array(65).fill(good) }), 'INPUT_INVALID');
    const text = await askRelay(relay, '/v1/requests', { method: 'POST', body: '{}' });
    expect(text.status).toBe(415);
    expect((await askRelay(relay, '/v1/requests')).status).toBe(405);
    expect((await askRelay(relay, '/v1/requests/0x12')).status).toBe(404);
  });

  test('behavior: one bad request keeps out all of its post', async () => {
    const nonce = await nonceOf(world, patient.address);
    const good = await sign(world, patient, { data: decline(10), nonce });
    const bad = await sign(world, patient, { data: decline(11), nonce: nonce + 2n });
    await expectProblem([good, bad], 'NONCE_AHEAD');
    expect(await declinedBy(world, patient.address)).not.toContain(10);
  });
});

describe('a session', () => {
  async function shift() {
    const owner = await enrolPatient(world, relay, { records: 1 });
    const clinician = await enrolClinician(world, relay, owner.client);
    const { session } = await startSession(clinician.client, {
      expiresAt: Math.floor(Date.now() / 1000) + 3_600,
    });
    const opening = { recordIds: owner.recordIds, purpose: 'TREAT', keyHash: digest('key') } as const;
    return { owner, clinician, session, opening, onShift: { ...clinician.client, session } };
  }

  const byKey = (key: SessionKey, request: Parameters<typeof signByKey>[2]) => signByKey(world, key, request);

  test('error: after its end, for another method, for another person', async () => {
    const { clinician, session, opening, onShift } = await shift();
    await openRecords(onShift, opening);
    const from = clinician.account.address;
    const data = encodeFunctionData({
      abi: accessLogAbi,
      functionName: 'openRecords',
      args: [opening.recordIds, purposeToNumber('TREAT'), digest('key'), 9],
    });
    const { log, forwarder } = world.deployment;
    const end = encodeFunctionData({ abi: sessionForwarderAbi, functionName: 'endSession' });
    const { key } = session;
    await expectProblem([await byKey(key, { from, to: forwarder, data: end })], 'SIGNATURE_INVALID');
    await expectProblem([await byKey(key, { from: patient.address, to: log, data })], 'SIGNATURE_INVALID');
    const standing = await byKey(key, { from, to: log, data });
    await endSession(clinician.client);
    await expectProblem([standing], 'SIGNATURE_INVALID');
  });

  test('error: whose person was suspended in between', async () => {
    const { clinician, onShift, opening } = await shift();
    await suspendProvider(world.clientOf(ACTORS.manager), { provider: clinician.account.address });
    await expect(openRecords(onShift, opening)).rejects.toMatchObject({ code: 'CONTRACT_REFUSED' });
  });
});

describe('GET', () => {
  test('default: who the relay is, that it is well, and what it counted', async () => {
    const info = await relayInfo(relay);
    expect(info).toMatchObject({ chainId: world.deployment.chainId, forwarder: world.deployment.forwarder });
    expect((await askRelay(relay, '/healthz')).status).toBe(200);
    expect((await askRelay(relay, '/readyz')).status).toBe(200);
    const metrics = await (await askRelay(relay, '/metrics')).text();
    expect(metrics).toMatch(/chartkey_relay_accepted_total [1-9]/);
    expect(metrics).toMatch(/chartkey_relay_problems_total\{code="SIGNATURE_INVALID"\} [1-9]/);
    expect(metrics).not.toMatch(/0x/);
    const { paths } = (await (await askRelay(relay, '/openapi.json')).json()) as { paths: object };
    expect(Object.keys(paths)).toContain('/v1/requests/{id}');
  });
});

// The last of all: the connection may be closed before everything was sent.
test('error: a post that is too large', async () => {
  const large = await post(relay, ' '.repeat(1_100_000)).catch(() => ({ status: 413 }));
  expect(large.status).toBe(413);
});
