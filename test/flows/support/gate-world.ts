import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ChartkeyClient,
  generateContentKey,
  generateSalt,
  type KeyPair,
  keeperSetDigest,
  keyPairFromSeed,
  type RecordId,
  recordIdOf,
  registerPatient,
  registerProvider,
  sealBody,
  sealEnvelope,
  verifyProvider,
} from '@chartkey/sdk';
import { putBlock, type StorageClient, uploadBody } from '@chartkey/sdk/storage';
import { type GateOptions, type GateServer, startGate } from '@chartkey/storage';
import { bytesToHex, type HDAccount, type Hex, keccak256, toHex, zeroAddress, zeroHash } from 'viem';
import { createSiweMessage } from 'viem/siwe';
import { onTestFinished } from 'vitest';
import { ACTORS, LOCAL_AREA } from '../../../scripts/lib/accounts.ts';
import { appoint, clientFor, deployContracts, startChain } from '../../../scripts/lib/chain.ts';
import { freePort } from '../../../scripts/lib/process.ts';
import { temporaryFolder } from '../../../storage/test/support.ts';

export const ORIGIN = 'https://chartkey.example';
const YEAR = 365 * 86_400;

/** A chain with the contracts and a verified clinician, for gates to ask. */
export type GateWorld = {
  readonly rpcUrl: string;
  readonly addressesFile: string;
  readonly chainId: number;
  readonly clientOf: (account: HDAccount) => ChartkeyClient;
  readonly close: () => Promise<void>;
};

export async function startGateWorld(): Promise<GateWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-gates-'));
  const chain = await startChain(await freePort());
  const addressesFile = join(folder, 'addresses.json');
  const deployment = await deployContracts(chain.rpcUrl, addressesFile);
  const clientOf = (account: HDAccount) => clientFor(chain.rpcUrl, deployment, account);
  const managers = [{ area: LOCAL_AREA, account: ACTORS.manager.address }];
  await appoint(clientOf(ACTORS.governor), { managers, auditors: [] });
  const about = { area: LOCAL_AREA, organisation: zeroAddress, credentialHash: zeroHash };
  const application = { role: 'Clinician' as const, ...about };
  await registerProvider(clientOf(ACTORS.clinician), application);
  const expiresAt = Math.floor(Date.now() / 1_000) + YEAR;
  const provider = ACTORS.clinician.address;
  await verifyProvider(clientOf(ACTORS.manager), { provider, application, expiresAt });
  return {
    ...{ rpcUrl: chain.rpcUrl, addressesFile, chainId: deployment.chainId, clientOf },
    close: async () => {
      await chain.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function keyOf(seed: number): Promise<KeyPair> {
  return keyPairFromSeed(new Uint8Array(32).fill(seed));
}

export async function enrolWith(world: GateWorld, account: HDAccount, publicKeyHash: Hex): Promise<void> {
  const pid = keccak256(toHex(account.address));
  await registerPatient(world.clientOf(account), { area: LOCAL_AREA, pid, publicKeyHash });
}

/** A gate in this process, gone when the test ends. */
export async function startTestGate(
  world: GateWorld,
  options: Partial<GateOptions> = {},
): Promise<GateServer> {
  const gate = await startGate({
    ...{ dir: await temporaryFolder(), port: 0, graceMs: 500, minFreeBytes: 0, origin: ORIGIN },
    ...{ rpcUrl: world.rpcUrl, addressesFile: world.addressesFile, ...options },
  });
  onTestFinished(() => gate.close());
  return gate;
}

export function post(url: string, json?: unknown, token?: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(json ?? {}) });
}

export function signer(account: HDAccount) {
  return {
    address: account.address,
    chainId: 31337,
    origin: ORIGIN,
    signMessage: (message: string) => account.signMessage({ message }),
  };
}

/** A sign-in of an account, ready to be posted. */
export async function signInBody(nonce: string, account: HDAccount) {
  const message = createSiweMessage({
    ...{ address: account.address, nonce, domain: 'chartkey.example', uri: ORIGIN },
    ...{ chainId: 31337, version: '1' },
  });
  return { message, signature: await account.signMessage({ message }) };
}

export async function tokenOf(url: string, account: HDAccount): Promise<string> {
  const { nonce } = await (await post(`${url}/auth/nonce`)).json();
  return String((await (await post(`${url}/auth/sign-in`, await signInBody(nonce, account))).json()).token);
}

type Wrapped = {
  readonly patient: HDAccount;
  readonly author: HDAccount;
  readonly body: {
    readonly digest: Uint8Array;
    readonly length: number;
    /** Of what it holds. */
    readonly contentLength: number;
    readonly floeHeader: Uint8Array;
  };
};

/** A body in storage, and what an envelope around it needs. */
export async function storeBody(
  world: GateWorld,
  storage: StorageClient,
  patient: HDAccount,
  length = 400_000,
) {
  const { contentKey, binding } = fresh(world, patient, patient);
  const source = (async function* () {
    yield crypto.getRandomValues(new Uint8Array(Math.min(length, 65_536)));
    for (let at = 65_536; at < length; at += 65_536) yield new Uint8Array(Math.min(65_536, length - at));
  })();
  const sealed = sealBody({ contentKey, binding, source, length });
  const stored = await uploadBody(storage, { segments: sealed.ciphertext });
  const { digest, length: bodyLength, cid } = stored;
  return { digest, length: bodyLength, cid, contentLength: length, floeHeader: sealed.floeHeader };
}

/** An envelope that says what it is told, sealed to keepers that nobody runs. */
export async function envelopeFor(world: GateWorld, { patient, author, body }: Wrapped): Promise<Uint8Array> {
  const { contentKey, binding } = fresh(world, patient, author);
  const seats = await Promise.all(
    [1, 2].map(async (seed) => ({
      id: ACTORS.keepers[seed - 1]?.address ?? zeroAddress,
      publicKey: (await keyOf(seed)).publicKey,
    })),
  );
  return sealEnvelope({
    ...{
      contentKey,
      binding,
      epoch: 1,
      threshold: 2,
      keepers: seats,
      keeperSetDigest: keeperSetDigest(seats),
    },
    ...{ bodyDigest: bytesToHex(body.digest), bodyLength: body.length },
    floeHeader: body.floeHeader,
    metadata: {
      ...{ length: body.contentLength, mediaType: 'text/plain', title: '', fhirType: '' },
      created: '2026-01-01',
    },
  });
}

export async function storeEnvelope(
  world: GateWorld,
  storage: StorageClient,
  wrapped: Wrapped,
): Promise<RecordId> {
  const envelope = await envelopeFor(world, wrapped);
  await putBlock(storage, envelope);
  return recordIdOf(envelope);
}

function fresh(world: GateWorld, patient: HDAccount, author: HDAccount) {
  const { chainId, records } = world.clientOf(patient).deployment;
  const binding = {
    ...{ chainId: BigInt(chainId), recordIndex: records, salt: generateSalt() },
    ...{ patient: patient.address, author: author.address },
  };
  return { contentKey: generateContentKey(), binding };
}
