import {
  addRecords,
  type ChartkeyClient,
  consentRegistryAbi,
  type Deployment,
  grantConsent,
  openRecords,
  participantRegistryAbi,
  type RecordId,
  registerPatient,
  registerProvider,
  verifyProvider,
} from '@chartkey/sdk';
import { encodeFunctionData, type Hex, keccak256, numberToHex, sha256, toHex, zeroAddress } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { ACTORS, LOCAL_AREA } from '../../lib/accounts.ts';
import type { Stack } from '../../lib/stack.ts';

export type CrowdSizes = {
  /** Of one patient. */
  readonly records: number;
  /** In that patient's log. */
  readonly entries: number;
  /** Who share with one clinician. */
  readonly patients: number;
};

const DAY = 86_400;
const IDS_AT_ONCE = 100;
/** Records in one opening, as a chart is opened a few pages at a time. */
const OPENED_AT_ONCE = 10;
const CALLS_AT_ONCE = 100;
/** Calls in one block. */
const CALLS_IN_A_BLOCK = 100;

/**
 * A patient with many records and a long log, and a clinician with many patients, on the chain of a
 * stack. The records have ids and no bytes: lists are made of what the chain says.
 */
export async function seedCrowd(stack: Stack, { records, entries, patients }: CrowdSizes): Promise<void> {
  const { timestamp } = await stack.clientOf().publicClient.getBlock();
  const expiresAt = Number(timestamp) + 90 * DAY;
  await verifiedClinician(stack, expiresAt);
  const patient = stack.clientOf(ACTORS.patient);
  await registerPatient(patient, identityOf(ACTORS.patient.address));
  const consent = {
    compartments: [0],
    purposes: ['TREAT' as const],
    startsAt: 0,
    expiresAt,
    mayWrite: false,
  };
  await grantConsent(patient, { accessor: ACTORS.clinician.address, consent });
  const ids = Array.from({ length: records }, (_, at) => idOf(at));
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const added = ids.slice(at, at + IDS_AT_ONCE).map((recordId) => ({ recordId, compartment: 0 }));
    await addRecords(patient, { patient: ACTORS.patient.address, records: added });
  }
  await openings(stack.clientOf(ACTORS.clinician), ids, entries);
  await manyPatients(stack, patients, expiresAt);
}

async function verifiedClinician(stack: Stack, expiresAt: number): Promise<void> {
  const application = {
    ...{ role: 'Clinician' as const, area: LOCAL_AREA, organisation: zeroAddress },
    credentialHash: sha256('0x01'),
  };
  await registerProvider(stack.clientOf(ACTORS.clinician), application);
  const provider = ACTORS.clinician.address;
  await verifyProvider(stack.clientOf(ACTORS.manager), { provider, application, expiresAt });
}

async function openings(clinician: ChartkeyClient, ids: readonly RecordId[], entries: number): Promise<void> {
  for (let at = 0; at < entries; at += OPENED_AT_ONCE) {
    const recordIds = Array.from(
      { length: Math.min(OPENED_AT_ONCE, entries - at) },
      (_, of) => ids[(at + of) % ids.length] ?? idOf(0),
    );
    await openRecords(clinician, { recordIds, purpose: 'TREAT', keyHash: sha256(toHex(at)) });
  }
}

/** Each of them registers and gives consent by a transaction of their own, a hundred in a block. */
async function manyPatients(stack: Stack, count: number, expiresAt: number): Promise<void> {
  const { deployment } = stack;
  const crowd = Array.from({ length: count }, (_, at) => privateKeyToAccount(sha256(toHex(`patient ${at}`))));
  await rpc(
    stack,
    crowd.map(({ address }) => ['hardhat_setBalance', [address, numberToHex(10n ** 18n)]] as const),
  );
  await rpc(stack, [['evm_setAutomine', [false]]]);
  try {
    for (let at = 0; at < crowd.length; at += CALLS_IN_A_BLOCK / 2) {
      const some = crowd.slice(at, at + CALLS_IN_A_BLOCK / 2);
      const signed = await Promise.all(some.flatMap((account) => callsOf(deployment, account, expiresAt)));
      await rpc(stack, [
        ...signed.map((raw) => ['eth_sendRawTransaction', [raw]] as const),
        ['evm_mine', []],
      ]);
    }
  } finally {
    await rpc(stack, [['evm_setAutomine', [true]]]);
  }
}

function callsOf(deployment: Deployment, account: PrivateKeyAccount, expiresAt: number): Promise<Hex>[] {
  const { area, pid, publicKeyHash } = identityOf(account.address);
  const consent = { compartments: 1n, purposes: 1, startsAt: 0, expiresAt, mayWrite: false };
  const calls = [
    {
      to: deployment.participants,
      data: encodeFunctionData({
        ...{ abi: participantRegistryAbi, functionName: 'registerPatient' },
        args: [area, pid, publicKeyHash],
      }),
    },
    {
      to: deployment.consents,
      data: encodeFunctionData({
        ...{ abi: consentRegistryAbi, functionName: 'grantConsent' },
        args: [ACTORS.clinician.address, consent],
      }),
    },
  ];
  return calls.map((call, nonce) =>
    account.signTransaction({
      ...call,
      ...{ type: 'eip1559', chainId: deployment.chainId, gas: 200_000n, nonce },
      ...{ maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 0n },
    }),
  );
}

type Call = readonly [method: string, params: readonly unknown[]];

/** Straight to the node, many in one request. @throws Error at the first that failed */
async function rpc({ rpcUrl }: Stack, calls: readonly Call[]): Promise<void> {
  for (let at = 0; at < calls.length; at += CALLS_AT_ONCE) {
    const batch = calls.slice(at, at + CALLS_AT_ONCE);
    const answer = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch.map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params }))),
    });
    const answers = (await answer.json()) as readonly { readonly error?: { readonly message: string } }[];
    const failed = answers.find(({ error }) => error);
    if (failed) throw new Error(`Seeding: ${failed.error?.message}`);
  }
}

function identityOf(address: Hex) {
  return { area: LOCAL_AREA, pid: keccak256(address), publicKeyHash: sha256(address) };
}

function idOf(at: number): RecordId {
  return sha256(toHex(`record ${at}`)) as RecordId;
}
