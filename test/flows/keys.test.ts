import {
  addRecord,
  changePublicKey,
  commitPid,
  createKeyBlock,
  createStorageClient,
  describeFile,
  generatePidSalt,
  type KeyPair,
  type OpenedRecord,
  openKeyBlock,
  openOwnRecord,
  openThroughKeepers,
  patientKeyBlock,
  patientPublicKey,
  publishPublicKey,
  type RecordId,
  recipientOf,
  registerPatient,
  renewKeyBlock,
  rewrapRecord,
  sealRecord,
  sealRewrapped,
  type Unlocker,
} from '@chartkey/sdk';
import { bytesToHex } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTORS, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';

const text = 'Haemoglobin 13.9 g/dL';
const passkey: Unlocker = { kind: 'passkey', prf: new Uint8Array(32).fill(8) };
const patient = ACTORS.patient.address;
let stack: Stack;
let recordId: RecordId;
let keys: Awaited<ReturnType<typeof createKeyBlock>>;

beforeAll(async () => {
  stack = await startStack();
  keys = await createKeyBlock([passkey]);
  const publicKeyHash = await publishPublicKey(stack.storage, keys.block);
  const pid = commitPid({ area: LOCAL_AREA, identifier: 'first', salt: generatePidSalt() });
  const client = stack.clientOf(ACTORS.patient);
  await registerPatient(client, { area: LOCAL_AREA, pid, publicKeyHash });
  const file = new Blob([text]);
  ({ recordId } = await sealRecord(client, {
    ...stack,
    patient,
    author: patient,
    source: file,
    metadata: await describeFile(file, 'a.txt'),
  }));
  await addRecord(client, { recordId, patient, compartment: 0 });
});

afterAll(async () => {
  await stack?.close();
});

describe('patientKeyBlock', () => {
  test('default: wallet and passkey find and open the key ring; authors find the public key', async () => {
    const client = stack.clientOf();
    const block = (await patientKeyBlock(client, { ...stack, patient })) ?? new Uint8Array();
    const { keyPairs } = await openKeyBlock(block, passkey);
    expect(keyPairs[0].publicKey).toEqual(await patientPublicKey(client, { ...stack, patient }));
    expect(await contentOf(await openWith(keyPairs))).toBe(text);
  });

  test('behavior: none is there for somebody who registered none', async () => {
    const outsider = ACTORS.outsider.address;
    expect(await patientKeyBlock(stack.clientOf(), { ...stack, patient: outsider })).toBeUndefined();
  });

  test('behavior: who registered something else than a key counts as one without', async () => {
    const client = stack.clientOf(ACTORS.secondPatient);
    const publicKeyHash = await publishPublicKey(stack.storage, new Uint8Array(99));
    const pid = commitPid({ area: LOCAL_AREA, identifier: 'second', salt: generatePidSalt() });
    await registerPatient(client, { area: LOCAL_AREA, pid, publicKeyHash });
    const of = ACTORS.secondPatient.address;
    expect(await patientPublicKey(client, { ...stack, patient: of })).toBeUndefined();
  });

  test('error: storage that does not answer is not a patient without a key', async () => {
    const nowhere = 'http://127.0.0.1:1';
    const storage = createStorageClient({ nodes: [{ rpcUrl: nowhere, gatewayUrl: nowhere }] });
    const asked = patientPublicKey(stack.clientOf(), { storage, patient });
    await expect(asked).rejects.toMatchObject({ code: 'STORAGE_UNREACHABLE', retryable: true });
  });
});

describe('sealRewrapped', () => {
  test('default: after a rotation the new key opens what was moved, the old one no more', async () => {
    const [old] = keys.keyPairs;
    keys = await renewKeyBlock(keys.block, keys.ringKey);
    await register();
    expect(await isCurrent()).toBe(false);
    const opened = await openWith(keys.keyPairs);
    await move(opened);
    expect(await isCurrent()).toBe(true);
    expect(await contentOf(await openWith([keys.keyPairs[0]]))).toBe(text);
    expect(await openWith([old])).toBeUndefined();
  });

  test('behavior: who lost everything but the wallet gets there through the keepers', async () => {
    keys = await createKeyBlock([passkey]);
    await register();
    expect(await openWith(keys.keyPairs)).toBeUndefined();
    const { outcomes } = await openThroughKeepers(stack.clientOf(ACTORS.patient), {
      ...stack,
      recordIds: [recordId],
      purpose: 'PATRQT',
    });
    await move(outcomes[0]?.status === 'opened' ? outcomes[0].record : undefined);
    expect(await contentOf(await openWith(keys.keyPairs))).toBe(text);
  });
});

describe('openThroughKeepers', () => {
  test('behavior: each opening has a key of its own', async () => {
    const open = () =>
      openThroughKeepers(stack.clientOf(ACTORS.patient), {
        ...stack,
        recordIds: [recordId],
        purpose: 'PATRQT',
      });
    const [first, second] = [await open(), await open()];
    expect(first.opening?.keyHash).toMatch(/^0x[0-9a-f]{64}$/);
    expect(second.opening?.keyHash).not.toBe(first.opening?.keyHash);
  });
});

async function register(): Promise<void> {
  const publicKeyHash = await publishPublicKey(stack.storage, keys.block);
  await changePublicKey(stack.clientOf(ACTORS.patient), { publicKeyHash });
}

async function isCurrent(): Promise<boolean> {
  return (
    (await recipientOf(stack.clientOf(), { ...stack, recordId })) ===
    bytesToHex(keys.keyPairs[0].publicKeyHash)
  );
}

async function move(opened: OpenedRecord | undefined): Promise<void> {
  if (!opened) throw new Error('The record did not open.');
  const client = stack.clientOf(ACTORS.patient);
  const [{ publicKey }] = keys.keyPairs;
  const envelopeDigest = await sealRewrapped(client, { ...stack, opened, patientPublicKey: publicKey });
  await rewrapRecord(client, { recordId, envelopeDigest });
}

function openWith(keyPairs: readonly KeyPair[]): Promise<OpenedRecord | undefined> {
  return openOwnRecord(stack.clientOf(), { ...stack, recordId, keyPairs });
}

async function contentOf(opened: OpenedRecord | undefined): Promise<string> {
  if (!opened) throw new Error('The record did not open.');
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of opened.content()) parts.push(part);
  return new Blob(parts).text();
}
