import { join } from 'node:path';
import {
  addRecord,
  createStorageClient,
  describeFile,
  grantConsent,
  type keyPairFromSeed,
  openThroughKeepers,
  type RecordId,
  type StorageClient,
  sealRecord,
} from '@chartkey/sdk';
import { ACTORS } from '../lib/accounts.ts';
import { type RunningGate, signedIn, startGateNode } from '../lib/gate.ts';
import { hasKubo, startKubo } from '../lib/kubo.ts';
import { freePort, type Service } from '../lib/process.ts';
import { type Stack, startStack, startStorageNode } from '../lib/stack.ts';
import { enrol, now } from './main-story.ts';
import { gasOf, sha256Of } from './measures.ts';
import type { DemoResult, InputFile } from './result.ts';

const DAY = 86_400;

export type StoryNode = {
  readonly label: string;
  readonly rpcUrl: string;
  readonly gatewayUrl: string;
  /** Where the embedded ones keep their blocks. */
  readonly dir: string;
  readonly service: Service;
};

export type ThreeNodes = {
  readonly stack: Stack;
  readonly nodes: readonly StoryNode[];
  /** Straight to the three nodes, as whoever runs them. */
  readonly storage: StorageClient;
  /** Through the one gate before them, signed in as the patient. */
  readonly patientStorage: StorageClient;
  readonly gas: Record<string, number>;
  readonly keyPair: Awaited<ReturnType<typeof keyPairFromSeed>>;
};

/**
 * The back end with three storage nodes of its own behind one gate, two of which must confirm: two
 * embedded ones, and a Kubo daemon where one was built.
 */
export async function withThreeNodes<T>(
  folder: string,
  onStep: (text: string) => void,
  story: (three: ThreeNodes) => Promise<T>,
): Promise<T> {
  const stack = await startStack({ onStep });
  const nodes: StoryNode[] = [];
  let gate: RunningGate | undefined;
  try {
    onStep(`Starting three storage nodes${hasKubo() ? ', one of them Kubo' : ''}`);
    for (const name of ['one', 'two']) nodes.push(await embedded(join(folder, name)));
    nodes.push(hasKubo() ? await kubo(join(folder, 'three')) : await embedded(join(folder, 'three')));
    const storage = createStorageClient({ nodes, minReplicas: 2 });
    gate = await startGateNode({
      ...{ rpcUrl: stack.rpcUrl, addressesFile: stack.addressesFile, folder },
      nodeRpcUrls: nodes.map(({ rpcUrl }) => rpcUrl),
      env: { CHARTKEY_GATE_MIN_REPLICAS: '2' },
    });
    const { gas, keyPair } = await enrol(
      stack,
      createStorageClient({ nodes: [{ gateUrl: gate.url }] }),
      onStep,
    );
    await consent(stack, gas);
    const patientStorage = await signedIn(gate, stack.deployment.chainId, ACTORS.patient);
    return await story({ stack, nodes, storage, patientStorage, gas, keyPair });
  } finally {
    await gate?.service.close();
    for (const { service } of nodes) await service.close();
    await stack.close();
  }
}

async function embedded(folder: string): Promise<StoryNode> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const service = await startStorageNode(url, folder);
  return { label: url, rpcUrl: url, gatewayUrl: url, dir: join(folder, 'storage'), service };
}

async function kubo(dir: string): Promise<StoryNode> {
  const started = await startKubo({ dir });
  return { ...started, label: started.gatewayUrl };
}

async function consent(stack: Stack, gas: Record<string, number>): Promise<void> {
  const patient = stack.clientOf(ACTORS.patient);
  const scope = { compartments: [0], purposes: ['TREAT' as const], startsAt: 0, mayWrite: false };
  gas.grantConsent = gasOf(
    await grantConsent(patient, {
      accessor: ACTORS.clinician.address,
      consent: { ...scope, expiresAt: (await now(stack)) + 30 * DAY },
    }),
  );
}

export type StoryRecord = DemoResult['records'][number] & { readonly recordId: RecordId };

/** Seals a file onto the three nodes, through the gate, and opens it as the clinician. */
export async function sealAndOpen(
  { stack, storage, patientStorage, gas }: ThreeNodes,
  file: InputFile,
): Promise<StoryRecord> {
  const patient = stack.clientOf(ACTORS.patient);
  const sealing = performance.now();
  const { recordId } = await sealRecord(patient, {
    storage: patientStorage,
    network: stack.network,
    patient: ACTORS.patient.address,
    author: ACTORS.patient.address,
    source: file.blob,
    metadata: await describeFile(file.blob, file.name),
  });
  const added = await addRecord(patient, { recordId, patient: ACTORS.patient.address, compartment: 0 });
  gas.addRecord = gasOf(added);
  const sealMs = performance.now() - sealing;
  const opening = performance.now();
  const openedSha256 = await openAsClinician(stack, storage, recordId);
  return {
    file: file.name,
    bytes: file.blob.size,
    recordId,
    plaintextSha256: await sha256Of(file.blob.stream()),
    openedSha256,
    sealMs,
    openMs: performance.now() - opening,
  };
}

/** SHA-256 of what was opened; or why not. */
export async function openAsClinician(
  stack: Stack,
  storage: StorageClient,
  recordId: RecordId,
): Promise<string> {
  const { outcomes } = await openThroughKeepers(stack.clientOf(ACTORS.clinician), {
    storage,
    network: stack.network,
    recordIds: [recordId],
    purpose: 'TREAT',
  });
  const [outcome] = outcomes;
  if (outcome?.status === 'opened') return sha256Of(outcome.record.content());
  return outcome?.status === 'refused' ? outcome.decision : 'failed';
}
