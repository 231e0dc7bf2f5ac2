import type { Address, Hex } from 'viem';
import { type ChartkeyClient, read, type Sent, send } from './client.ts';
import { participantRegistryAbi as abi } from './generated/index.ts';
import { PROVIDER_STATUSES, type ProviderStatus, ROLES, type Role, wordAt } from './vocabulary.ts';

export type Application = {
  readonly role: Role;
  readonly area: number;
  /** Zero address for none. */
  readonly organisation: Address;
  readonly credentialHash: Hex;
};

export type Provider = {
  readonly role: Role;
  readonly status: ProviderStatus;
  readonly area: number;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly organisation: Address;
};

/** Registers the wallet as the patient `<area, pid>`. `publicKeyHash`: SHA-256, or zero for none yet. */
export function registerPatient(
  client: ChartkeyClient,
  { area, pid, publicKeyHash }: { readonly area: number; readonly pid: Hex; readonly publicKeyHash: Hex },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'registerPatient', args: [area, pid, publicKeyHash] });
}

/** Replaces the patient's public key. */
export function changePublicKey(
  client: ChartkeyClient,
  { publicKeyHash }: { readonly publicKeyHash: Hex },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'changePublicKey', args: [publicKeyHash] });
}

/** Applies to be a provider; the manager of the area verifies. */
export function registerProvider(client: ChartkeyClient, application: Application): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'registerProvider', args: [toChain(application)] });
}

/** Manager: verifies exactly this application. `expiresAt` in Unix seconds. */
export function verifyProvider(
  client: ChartkeyClient,
  {
    provider,
    application,
    expiresAt,
  }: { readonly provider: Address; readonly application: Application; readonly expiresAt: number },
): Promise<Sent> {
  return send(client, {
    ...at(client),
    functionName: 'verifyProvider',
    args: [provider, toChain(application), expiresAt],
  });
}

/** Manager: renews a verified provider. */
export function renewProvider(
  client: ChartkeyClient,
  { provider, expiresAt }: { readonly provider: Address; readonly expiresAt: number },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'renewProvider', args: [provider, expiresAt] });
}

/** Manager: from this block on the provider opens nothing. */
export function suspendProvider(
  client: ChartkeyClient,
  { provider }: { readonly provider: Address },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'suspendProvider', args: [provider] });
}

/** Manager: lifts a suspension. */
export function reinstateProvider(
  client: ChartkeyClient,
  { provider }: { readonly provider: Address },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'reinstateProvider', args: [provider] });
}

/** The id of the patient whose wallet this is; undefined for none. */
export async function patientOf(
  client: ChartkeyClient,
  { wallet }: { readonly wallet: Address },
): Promise<Address | undefined> {
  const { publicClient } = client;
  return known(
    await read(() => publicClient.readContract({ ...at(client), functionName: 'patientOf', args: [wallet] })),
  );
}

/** The id of the patient `<area, pid>`; undefined for none. */
export async function patientAt(
  client: ChartkeyClient,
  { area, pid }: { readonly area: number; readonly pid: Hex },
): Promise<Address | undefined> {
  const { publicClient } = client;
  return known(
    await read(() =>
      publicClient.readContract({ ...at(client), functionName: 'patientAt', args: [area, pid] }),
    ),
  );
}

/** SHA-256 of a patient's public key, which is also the digest of the IPFS block that holds it; undefined for none. */
export async function publicKeyHashOf(
  client: ChartkeyClient,
  { patient }: { readonly patient: Address },
): Promise<Hex | undefined> {
  const { publicClient } = client;
  const hash = await read(() =>
    publicClient.readContract({ ...at(client), functionName: 'publicKeyHashOf', args: [patient] }),
  );
  return BigInt(hash) === 0n ? undefined : hash;
}

/** A provider as it stands; status `None` for none. */
export async function providerOf(
  client: ChartkeyClient,
  { provider }: { readonly provider: Address },
): Promise<Provider> {
  const { publicClient } = client;
  const found = await read(() =>
    publicClient.readContract({ ...at(client), functionName: 'providerOf', args: [provider] }),
  );
  return {
    role: wordAt(ROLES, found.role),
    status: wordAt(PROVIDER_STATUSES, found.status),
    area: found.area,
    expiresAt: found.expiresAt,
    organisation: found.organisation,
  };
}

/** Whether an account manages an area. */
export function isManager(
  client: ChartkeyClient,
  { account, area }: { readonly account: Address; readonly area: number },
): Promise<boolean> {
  return read(() =>
    client.publicClient.readContract({ ...at(client), functionName: 'isManager', args: [account, area] }),
  );
}

/** Whether an account was appointed as auditor. */
export function isAuditor(
  client: ChartkeyClient,
  { account }: { readonly account: Address },
): Promise<boolean> {
  return read(() =>
    client.publicClient.readContract({ ...at(client), functionName: 'isAuditor', args: [account] }),
  );
}

function at(client: ChartkeyClient) {
  return { address: client.deployment.participants, abi } as const;
}

function toChain(application: Application) {
  return { ...application, role: ROLES.indexOf(application.role) };
}

function known(address: Address): Address | undefined {
  return BigInt(address) === 0n ? undefined : address;
}
