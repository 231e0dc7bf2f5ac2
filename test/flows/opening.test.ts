import { createServer, type Server } from 'node:http';
import {
  acceptRecord,
  accessLogOf,
  addRecord,
  ChartkeyError,
  commitPid,
  createStorageClient,
  describeFile,
  envelopeCid,
  generatePidSalt,
  grantConsent,
  type KeeperNetwork,
  keyPairFromSeed,
  openOwnRecord,
  openThroughKeepers,
  parseEnvelope,
  publishPublicKey,
  putBlock,
  type RecordId,
  readBlock,
  recomputeHead,
  recordIdOf,
  registerPatient,
  registerProvider,
  sealRecord,
  submitRecord,
  toBase64Url,
  verifyProvider,
} from '@chartkey/sdk';
import { hexToBytes, keccak256, zeroAddress, zeroHash } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTORS, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { type Stack, startStack } from '../../scripts/lib/stack.ts';

const text = 'Haemoglobin 13.9 g/dL';
let stack: Stack;
let recordId: RecordId;
let expiresAt: number;
const servers: Server[] = [];
const seed = new Uint8Array(32).fill(3);

beforeAll(async () => {
  stack = await startStack();
  expiresAt = Number((await stack.clientOf().publicClient.getBlock()).timestamp) + 86_400;
  for (const [account, identifier] of [
    [ACTORS.patient, 'first'],
    [ACTORS.secondPatient, 'second'],
  ] as const) {
    const { publicKey } = await keyPairFromSeed(seed);
    const publicKeyHash = await publishPublicKey(stack.storage, publicKey);
    const pid = commitPid({ area: LOCAL_AREA, identifier, salt: generatePidSalt() });
    await registerPatient(stack.clientOf(account), { area: LOCAL_AREA, pid, publicKeyHash });
  }
  const application = {
    role: 'Clinician' as const,
    area: LOCAL_AREA,
    organisation: zeroAddress,
    credentialHash: zeroHash,
  };
  await registerProvider(stack.clientOf(ACTORS.clinician), application);
  await verifyProvider(stack.clientOf(ACTORS.manager), {
    provider: ACTORS.clinician.address,
    application,
    expiresAt,
  });
  recordId = await seal(new Blob([text]));
  await addRecord(stack.clientOf(ACTORS.patient), {
    recordId,
    patient: ACTORS.patient.address,
    compartment: 0,
  });
  await grantConsent(stack.clientOf(ACTORS.patient), {
    accessor: ACTORS.clinician.address,
    consent: { compartments: [0], purposes: ['TREAT'], startsAt: 0, expiresAt, mayWrite: false },
  });
});

afterAll(async () => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  await stack?.close();
});

describe('openThroughKeepers', () => {
  test('default', async () => {
    const { outcomes, keepers } = await open();
    expect(await contentOf(outcomes[0])).toBe(text);
    expect(keepers).toHaveLength(3);
  });

  test('behavior: a record that does not exist is refused and logged, the others open', async () => {
    const { outcomes } = await open([keccak256('0x01') as RecordId, recordId]);
    expect(outcomes.map(({ status }) => status)).toEqual(['refused', 'opened']);
    expect(outcomes[0]).toMatchObject({ decision: 'RecordUnknown' });
  });

  test('behavior: another purpose than was consented to is refused', async () => {
    const client = stack.clientOf(ACTORS.clinician);
    const { outcomes } = await openThroughKeepers(client, {
      ...stack,
      recordIds: [recordId],
      purpose: 'HRESCH',
    });
    expect(outcomes[0]).toMatchObject({ status: 'refused', decision: 'PurposeNotConsented' });
  });

  test('behavior: a patient who lost their key opens through the keepers, and it is logged', async () => {
    const before = await entryCount();
    const client = stack.clientOf(ACTORS.patient);
    const { outcomes } = await openThroughKeepers(client, {
      ...stack,
      recordIds: [recordId],
      purpose: 'PATRQT',
    });
    expect(await contentOf(outcomes[0])).toBe(text);
    expect(await entryCount()).toBe(before + 1);
  });

  test('behavior: a keeper that lies is named, and the others are enough', async () => {
    const liar = await startServer((body) => {
      const asked: { records: { recordId: string }[] } = JSON.parse(body);
      const sealed = toBase64Url(new Uint8Array(1168));
      const results = asked.records.map(({ recordId }) => ({
        status: 'released',
        recordId,
        index: 0,
        sealed,
      }));
      return { keeper: stack.keepers[0]?.operator, results };
    });
    const { outcomes, keepers } = await open([recordId], instead(0, liar));
    expect(await contentOf(outcomes[0])).toBe(text);
    // The other two may be quicker: then the liar's answer was not needed.
    expect(['lied', 'not-needed']).toContain(keepers[0]?.outcome);
    const alone = await open([recordId], {
      ...instead(0, liar),
      urlOf: (keeper) =>
        keeper.operator === stack.keepers[2]?.operator
          ? 'http://127.0.0.1:1'
          : instead(0, liar).urlOf(keeper),
    });
    expect(alone.keepers[0]?.outcome).toBe('lied');
    expect(alone.outcomes[0]).toMatchObject({ status: 'failed', error: { code: 'KEEPERS_TOO_FEW' } });
  });

  test('error: answers without end, or that are no answers, delay nothing', async () => {
    const nonsense = await startServer(() => 'x'.repeat(2_000_000));
    const { outcomes } = await open([recordId], instead(1, nonsense));
    expect(await contentOf(outcomes[0])).toBe(text);
  });

  test('error: an outsider can’t write to the log at all', async () => {
    const opening = openThroughKeepers(stack.clientOf(ACTORS.outsider), {
      ...stack,
      recordIds: [recordId],
      purpose: 'TREAT',
    });
    await expect(opening).rejects.toMatchObject({
      code: 'CONTRACT_REFUSED',
      message: expect.stringContaining('verified'),
    });
  });

  test('error: storage is down: a clear error, and the entry stays', async () => {
    const storage = createStorageClient({
      nodes: [{ rpcUrl: 'http://127.0.0.1:1', gatewayUrl: 'http://127.0.0.1:1' }],
    });
    const client = stack.clientOf(ACTORS.clinician);
    const { outcomes } = await openThroughKeepers(client, {
      ...stack,
      storage,
      recordIds: [recordId],
      purpose: 'TREAT',
    });
    expect(outcomes[0]).toMatchObject({
      status: 'failed',
      error: { code: 'STORAGE_UNREACHABLE', retryable: true },
    });
  });
});

describe('an envelope with copied key blocks', () => {
  test('error: opens for nobody, neither as it is nor with the thief written into it', async () => {
    const bytes = await readBlock(stack.storage, envelopeCid(hexToBytes(recordId)));
    const stolen = new Uint8Array(bytes);
    const thief = hexToBytes(ACTORS.secondPatient.address);
    stolen.set(thief, 52);
    stolen.set(thief, 72);
    await putBlock(stack.storage, stolen);
    const stolenId = await recordIdOf(stolen);
    expect(parseEnvelope(stolen).patient).toBe(ACTORS.secondPatient.address.toLowerCase());
    const client = stack.clientOf(ACTORS.secondPatient);
    await addRecord(client, { recordId: stolenId, patient: ACTORS.secondPatient.address, compartment: 0 });
    const { outcomes } = await openThroughKeepers(client, {
      ...stack,
      recordIds: [stolenId],
      purpose: 'PATRQT',
    });
    expect(outcomes[0]).toMatchObject({ status: 'failed', error: { code: 'KEEPER_REFUSED' } });
    expect(String(outcomes[0]?.status === 'failed' && outcomes[0].error.message)).toContain('share-broken');

    const own = openOwnRecord(client, {
      recordId: stolenId,
      keyPairs: [await keyPairFromSeed(seed)],
      storage: stack.storage,
    });
    await expect(own).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });
});

describe('sealRecord', () => {
  test('behavior: what a clinician submits opens once the patient accepted it', async () => {
    const clinician = stack.clientOf(ACTORS.clinician);
    const patient = ACTORS.patient.address;
    const id = await seal(new Blob([]), { author: ACTORS.clinician.address });
    await submitRecord(clinician, { recordId: id, patient });
    expect((await open([id])).outcomes[0]).toMatchObject({ status: 'refused', decision: 'RecordNotActive' });
    await acceptRecord(stack.clientOf(ACTORS.patient), { recordId: id, compartment: 0 });
    expect(await contentOf((await open([id])).outcomes[0])).toBe('');
  });

  test('error: storage is down: nothing is lost, and it says so', async () => {
    const storage = createStorageClient({
      nodes: [{ rpcUrl: 'http://127.0.0.1:1', gatewayUrl: 'http://127.0.0.1:1' }],
    });
    await expect(seal(new Blob([text]), { storage })).rejects.toMatchObject({
      code: 'STORAGE_UNREACHABLE',
      retryable: true,
    });
  });

  test('error: too few keepers attest', async () => {
    const dead: KeeperNetwork = { urlOf: () => 'http://127.0.0.1:1', timeoutMs: 1_000 };
    await expect(seal(new Blob([text]), { network: dead })).rejects.toMatchObject({
      code: 'KEEPER_ATTEST_FAILED',
      retryable: true,
    });
  });

  test('error: cancelled', async () => {
    await expect(seal(new Blob([text]), { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
      ChartkeyError,
    );
  });
});

describe('accessLogOf', () => {
  test('default', async () => {
    const log = await accessLogOf(stack.clientOf(), { patient: ACTORS.patient.address });
    expect(log.complete).toBe(true);
    expect(log.entries.map(({ sequence }) => sequence)).toEqual(log.entries.map((_, index) => index + 1));
  });

  test('behavior: an entry left out, changed or moved no longer adds up to the head', async () => {
    const { entries, head } = await accessLogOf(stack.clientOf(), { patient: ACTORS.patient.address });
    const [first, second, ...rest] = entries;
    if (!first || !second) throw new Error('There must be entries by now.');
    expect(recomputeHead(entries)).toBe(head.head);
    expect(recomputeHead([second, ...rest])).not.toBe(head.head);
    expect(recomputeHead([second, first, ...rest])).not.toBe(head.head);
    expect(recomputeHead([{ ...first, accessor: ACTORS.outsider.address }, second, ...rest])).not.toBe(
      head.head,
    );
    expect(recomputeHead([{ ...first, openedAt: first.openedAt + 1 }, second, ...rest])).not.toBe(head.head);
  });
});

function open(recordIds: readonly RecordId[] = [recordId], network: KeeperNetwork = stack.network) {
  const client = stack.clientOf(ACTORS.clinician);
  return openThroughKeepers(client, { storage: stack.storage, network, recordIds, purpose: 'TREAT' });
}

async function seal(blob: Blob, changes: Partial<Parameters<typeof sealRecord>[1]> = {}): Promise<RecordId> {
  const patient = ACTORS.patient.address;
  const { recordId } = await sealRecord(stack.clientOf(ACTORS.patient), {
    storage: stack.storage,
    network: stack.network,
    patient,
    author: patient,
    source: blob,
    metadata: await describeFile(blob, 'blood 🩸.txt'),
    ...changes,
  });
  return recordId;
}

async function contentOf(
  outcome: Awaited<ReturnType<typeof open>>['outcomes'][number] | undefined,
): Promise<string> {
  if (outcome?.status !== 'opened') return `${outcome?.status}: ${outcome?.error.message}`;
  const decoder = new TextDecoder();
  let content = '';
  for await (const piece of outcome.record.content()) content += decoder.decode(piece, { stream: true });
  return content;
}

async function entryCount(): Promise<number> {
  return (await accessLogOf(stack.clientOf(), { patient: ACTORS.patient.address })).entries.length;
}

/** The network with another server in the place of one keeper. */
function instead(index: number, url: string): KeeperNetwork {
  const { operator } = stack.keepers[index] ?? {};
  return { urlOf: (keeper) => (keeper.operator === operator ? url : keeper.endpoint), timeoutMs: 5_000 };
}

async function startServer(answer: (body: string) => unknown): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const result = answer(body);
    response.setHeader('content-type', 'application/json');
    response.end(typeof result === 'string' ? result : JSON.stringify(result));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`;
}
