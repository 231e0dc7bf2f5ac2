import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  actionTypedData,
  addRecord,
  type ChartkeyClient,
  consentRegistryAbi,
  type Deployment,
  forwardTypedData,
  grantConsent,
  type RecordId,
  type Relay,
  type RelayProblemCode,
  registerPatient,
  registerProvider,
  requestToWire,
  type SessionKey,
  type SignedRequest,
  sessionForwarderAbi,
  verifyProvider,
} from '@chartkey/sdk';
import { expectDocumented } from '@chartkey/service/testing';
import {
  type Account,
  type Address,
  encodeFunctionData,
  type HDAccount,
  type Hex,
  hexToNumber,
  keccak256,
  numberToHex,
  stringToHex,
  zeroAddress,
} from 'viem';
import {
  generatePrivateKey,
  type LocalAccount,
  type PrivateKeyAccount,
  privateKeyToAccount,
} from 'viem/accounts';
import { expect } from 'vitest';
import { ACTORS, LOCAL_AREA } from '../../scripts/lib/accounts.ts';
import { appoint, clientFor, deployContracts, startChain } from '../../scripts/lib/chain.ts';
import { freePort, type Service } from '../../scripts/lib/process.ts';
import { type RunningRelay, startRelayNode } from '../../scripts/lib/relay.ts';
import { openApi } from '../src/openapi.ts';

export const YEAR = 365 * 86_400;

export type World = {
  readonly rpcUrl: string;
  readonly addressesFile: string;
  readonly deployment: Deployment;
  readonly folder: string;
  readonly chain: Service;
  readonly clientOf: (account?: Account) => ChartkeyClient;
  readonly close: () => Promise<void>;
};

/** A chain with the contracts, and a manager; nobody else has any ether that they need. */
export async function startWorld(options: Parameters<typeof startChain>[1] = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-relay-'));
  const chain = await startChain(await freePort(), options);
  const addressesFile = join(folder, 'addresses.json');
  const close = async () => {
    await chain.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { rpcUrl } = chain;
    const deployment = await deployContracts(rpcUrl, addressesFile);
    const clientOf = (account?: Account) => clientFor(rpcUrl, deployment, account);
    await appoint(clientOf(ACTORS.governor), {
      managers: [{ area: LOCAL_AREA, account: ACTORS.manager.address }],
      auditors: [],
    });
    return { rpcUrl, addressesFile, deployment, folder, chain, clientOf, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export function runRelay(
  world: World,
  options: { rpcUrl?: string; account?: HDAccount | Hex; env?: Record<string, string> } = {},
): Promise<RunningRelay> {
  const { rpcUrl = world.rpcUrl, account = ACTORS.relay, env } = options;
  return startRelayNode({ account, rpcUrl, addressesFile: world.addressesFile, folder: world.folder, env });
}

/** Somebody without any ether. */
export function newcomer(): PrivateKeyAccount {
  return privateKeyToAccount(generatePrivateKey());
}

export function through(world: World, relay: Relay, account: Account): ChartkeyClient {
  return { ...world.clientOf(account), relay };
}

export function digest(text: string): Hex {
  return keccak256(stringToHex(text));
}

export function recordIdOf(text: string): RecordId {
  return digest(text) as RecordId;
}

/** A patient without ether, registered by the relay, with records. */
export async function enrolPatient<account extends LocalAccount = PrivateKeyAccount>(
  world: World,
  relay: Relay,
  {
    account = newcomer() as LocalAccount as account,
    records = 0,
  }: { account?: account; records?: number } = {},
) {
  const client = through(world, relay, account);
  const { address } = account;
  await registerPatient(client, { area: LOCAL_AREA, pid: digest(address), publicKeyHash: digest('key') });
  const recordIds = Array.from({ length: records }, (_, i) => recordIdOf(`${address} ${i}`));
  for (const recordId of recordIds) await addRecord(client, { recordId, patient: address, compartment: 0 });
  return { account, client, recordIds };
}

/** A verified clinician without ether, whom the patient gave a consent. */
export async function enrolClinician(
  world: World,
  relay: Relay,
  patient: ChartkeyClient,
  account: LocalAccount = newcomer(),
) {
  const client = through(world, relay, account);
  const application = {
    role: 'Clinician',
    area: LOCAL_AREA,
    organisation: zeroAddress,
    credentialHash: digest('credential'),
  } as const;
  await registerProvider(client, application);
  const expiresAt = Math.floor(Date.now() / 1000) + YEAR;
  const manager = world.clientOf(ACTORS.manager);
  await verifyProvider(manager, { provider: account.address, application, expiresAt });
  await grantConsent(patient, {
    accessor: account.address,
    consent: { compartments: [0], purposes: ['TREAT'], startsAt: 0, expiresAt, mayWrite: false },
  });
  return { account, client };
}

export type Wanted = {
  readonly to?: Address;
  readonly data: Hex;
  readonly nonce?: bigint;
  readonly deadline?: number;
  readonly gas?: bigint;
  /** Signs as if the contracts stood elsewhere. */
  readonly deployment?: Partial<Deployment>;
};

/** A request as a wallet signs it. Without a number: the next one on the chain. */
export async function sign(world: World, account: LocalAccount, wanted: Wanted): Promise<SignedRequest> {
  const request = {
    from: account.address,
    to: wanted.to ?? world.deployment.consents,
    gas: wanted.gas ?? 200_000n,
    nonce: wanted.nonce ?? (await nonceOf(world, account.address)),
    deadline: wanted.deadline ?? Math.floor(Date.now() / 1000) + 3_000,
    data: wanted.data,
  };
  const typed = actionTypedData({ ...world.deployment, ...wanted.deployment }, request);
  return { ...request, signature: await account.signTypedData(typed) };
}

/** A request as a session's key signs it, or a thief who has it; the next number of the key, and an hour. */
export async function signByKey(
  world: World,
  key: SessionKey,
  request: { readonly from: Address; readonly to: Address; readonly data: Hex },
): Promise<SignedRequest> {
  const nonce = await nonceOf(world, key.address);
  const unsigned = { gas: 300_000n, nonce, deadline: Math.floor(Date.now() / 1000) + 3_000, ...request };
  return { ...unsigned, signature: await key.signTypedData(forwardTypedData(world.deployment, unsigned)) };
}

export function nonceOf({ clientOf, deployment }: World, signer: Address): Promise<bigint> {
  const at = { address: deployment.forwarder, abi: sessionForwarderAbi } as const;
  return clientOf().publicClient.readContract({ ...at, functionName: 'nonces', args: [signer] });
}

/** A call that any patient can make as often as it likes; its event names the number. */
export function decline(number: number): Hex {
  const accessor = numberToHex(number + 1, { size: 20 });
  return encodeFunctionData({ abi: consentRegistryAbi, functionName: 'declineRequest', args: [accessor] });
}

/** The numbers that stand on the chain for a patient, in the order of the chain. */
export async function declinedBy({ clientOf, deployment }: World, patient: Address): Promise<number[]> {
  const logs = await clientOf().publicClient.getContractEvents({
    address: deployment.consents,
    abi: consentRegistryAbi,
    eventName: 'RequestDeclined',
    args: { patient },
    fromBlock: 0n,
    strict: true,
  });
  return logs.map(({ args }) => hexToNumber(args.accessor) - 1);
}

export async function until(what: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const late = Date.now() + timeoutMs;
  while (!(await what())) {
    if (Date.now() > late) throw new Error('It did not come true in time.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The number of transactions that an account has in blocks. */
export function sentBy({ clientOf }: World, address: Address): Promise<number> {
  return clientOf().publicClient.getTransactionCount({ address });
}

/** What a relay answers; each answer is held against its OpenAPI document. */
export async function askRelay({ url }: Relay, path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(`${url}${path}`, init);
  await expectDocumented(openApi(), init?.method ?? 'GET', path.replace(/\/0x\w*$/, '/{id}'), response);
  return response;
}

/** As a post of whatever body is answered. */
export function post(relay: Relay, requests: readonly SignedRequest[] | string): Promise<Response> {
  const body =
    typeof requests === 'string' ? requests : JSON.stringify({ requests: requests.map(requestToWire) });
  return askRelay(relay, '/v1/requests', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
}

/** Fails unless a post is refused for this reason, in words that say nothing about a person. */
export async function expectProblem(
  relay: Relay,
  requests: readonly SignedRequest[] | string,
  code: RelayProblemCode,
): Promise<void> {
  const response = await post(relay, requests);
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({ type: `urn:chartkey:problem:${code}`, status: response.status });
  expect(JSON.stringify(problem)).not.toMatch(/0x[0-9a-f]{8}/i);
}
