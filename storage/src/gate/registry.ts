import { readFile } from 'node:fs/promises';
import {
  type ChartkeyClient,
  createChartkeyClient,
  envelopesOf,
  type IndexedRecord,
  isPatient,
  parseDeployment,
  patientOf,
  providerOf,
  publicKeyHashOf,
  type RecordId,
  recordOf,
} from '@chartkey/sdk';
import { type Address, createPublicClient, type Hex, http } from 'viem';
import { NodeError } from '../errors.ts';
import type { GateConfig } from './config.ts';

/** What the gate asks the chain. A chain that does not answer lets nobody in: NodeError `unavailable`. */
export type Registry = {
  readonly chainId: number;
  readonly recordIndex: Address;
  /**
   * Who an account is here: the id of the patient whose wallet it is, or a provider that is
   * verified, not suspended and not expired. In small letters.
   *
   * @throws NodeError `not-registered`, `not-verified`, `suspended`
   */
  participantOf(account: Address): Promise<string>;
  /** The same for an id that was given out before. */
  requireParticipant(id: string): Promise<void>;
  /** SHA-256 of the key block that a patient registered; undefined for none. */
  keyHashOf(patient: Address): Promise<Hex | undefined>;
  /** A record with all envelopes it ever had; undefined for one that never was. */
  recordOf(recordId: RecordId): Promise<(IndexedRecord & { readonly envelopes: readonly Hex[] }) | undefined>;
  /** Of an account of any kind, smart-contract wallets (ERC-1271) included. */
  isSignedBy(message: string, signature: Hex): Promise<boolean>;
};

const TIMEOUT_MS = 10_000;

/** @throws Error with one line when the addresses can't be read */
export async function openRegistry({ rpcUrl, addressesFile }: GateConfig): Promise<Registry> {
  const deployment = parseDeployment(JSON.parse(await readFile(addressesFile, 'utf8')));
  const transport = http(rpcUrl, { timeout: TIMEOUT_MS, retryCount: 1 });
  const publicClient = createPublicClient({ transport, cacheTime: 0 });
  const client = createChartkeyClient({ publicClient, deployment });
  return {
    chainId: deployment.chainId,
    recordIndex: deployment.records,
    participantOf: (account) =>
      orUnavailable(async () => {
        const patient = await patientOf(client, { wallet: account });
        if (patient !== undefined) return patient.toLowerCase();
        await requireProvider(client, account);
        return account.toLowerCase();
      }),
    requireParticipant: (id) =>
      orUnavailable(async () => {
        if (await isPatient(client, { patient: id as Address })) return;
        await requireProvider(client, id as Address);
      }),
    keyHashOf: (patient) => orUnavailable(() => publicKeyHashOf(client, { patient })),
    recordOf: (recordId) =>
      orUnavailable(async () => {
        const record = await recordOf(client, { recordId });
        return record && { ...record, envelopes: await envelopesOf(client, { recordId }) };
      }),
    isSignedBy: (message, signature) =>
      orUnavailable(() => publicClient.verifySiweMessage({ message, signature })),
  };
}

async function requireProvider(client: ChartkeyClient, provider: Address): Promise<void> {
  const { status, expiresAt } = await providerOf(client, { provider });
  if (status === 'Verified' && expiresAt > Date.now() / 1_000) return;
  if (status === 'Suspended') throw new NodeError('suspended', 'this provider is suspended');
  if (status === 'None')
    throw new NodeError('not-registered', 'only registered patients and verified providers may upload');
  throw new NodeError('not-verified', 'this provider is not verified, or no longer');
}

async function orUnavailable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof NodeError) throw cause;
    throw new NodeError('unavailable', 'the registry on the chain can not be asked now', { cause });
  }
}
