import type { Address, Hex, TypedDataDefinition } from 'viem';
import { accountOf, type ChartkeyClient, read, type Sent, send } from './client.ts';
import { participantRegistryAbi as abi } from './generated/index.ts';
import { toChainError } from './revert.ts';
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
  /** Whether the organisation says so too: only then the provider inherits what the organisation is given. */
  readonly vouched: boolean;
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

/** Manager: verifies several providers, all or none: at most 100. */
export function verifyProviders(
  client: ChartkeyClient,
  {
    verifications,
  }: {
    readonly verifications: readonly {
      readonly provider: Address;
      readonly application: Application;
      readonly expiresAt: number;
    }[];
  },
): Promise<Sent> {
  const args = [
    verifications.map(({ application, ...rest }) => ({ ...rest, application: toChain(application) })),
  ] as const;
  return send(client, { ...at(client), functionName: 'verifyProviders', args });
}

/** What a manager signs so that a provider registers, verified, in one call. Times in Unix seconds. */
export type Voucher = {
  readonly manager: Address;
  readonly application: Application;
  readonly expiresAt: number;
  /** Until when the voucher can be used. */
  readonly deadline: number;
};

/** Manager: signs a voucher for a provider that never applied. Sends nothing. */
export async function signVoucher(
  client: ChartkeyClient,
  { provider, ...voucher }: Omit<Voucher, 'manager'> & { readonly provider: Address },
): Promise<{ readonly voucher: Voucher; readonly signature: Hex }> {
  const manager = accountOf(client);
  const { application, expiresAt, deadline } = voucher;
  const message = { provider, manager, ...toChain(application), expiresAt, deadline };
  const signature = await sign(client, { types: VOUCHER_TYPES, primaryType: 'Voucher', message });
  return { voucher: { manager, ...voucher }, signature };
}

/** Registers the wallet as the provider that a manager signed a voucher for. */
export function registerVerifiedProvider(
  client: ChartkeyClient,
  { voucher, signature }: { readonly voucher: Voucher; readonly signature: Hex },
): Promise<Sent> {
  const args = [{ ...voucher, application: toChain(voucher.application) }, signature] as const;
  return send(client, { ...at(client), functionName: 'registerVerifiedProvider', args });
}

/** What a patient signs so that a manager enrols it. */
export type Enrolment = {
  readonly patient: Address;
  readonly area: number;
  readonly pid: Hex;
  readonly publicKeyHash: Hex;
  /** Until when it can be used. Unix seconds. */
  readonly deadline: number;
};

/** Patient: signs to be enrolled by a manager. Sends nothing. */
export async function signEnrolment(
  client: ChartkeyClient,
  enrolment: Omit<Enrolment, 'patient'>,
): Promise<{ readonly enrolment: Enrolment; readonly signature: Hex }> {
  const message = { patient: accountOf(client), ...enrolment };
  const signature = await sign(client, { types: ENROLMENT_TYPES, primaryType: 'Enrolment', message });
  return { enrolment: message, signature };
}

/** Manager: enrols a patient who signed for it. */
export function enrolPatient(
  client: ChartkeyClient,
  { enrolment, signature }: { readonly enrolment: Enrolment; readonly signature: Hex },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'enrolPatient', args: [enrolment, signature] });
}

/** Organisation: says that providers, who named it when they applied, are its members: at most 100. */
export function vouchForMembers(
  client: ChartkeyClient,
  { members }: { readonly members: readonly Address[] },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'vouchForMembers', args: [members] });
}

/** Organisation: says that providers are its members no more. */
export function dropMembers(
  client: ChartkeyClient,
  { members }: { readonly members: readonly Address[] },
): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'dropMembers', args: [members] });
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

/** The wallet that a patient has now; undefined if there is no such patient. */
export async function patientWalletOf(
  client: ChartkeyClient,
  { patient }: { readonly patient: Address },
): Promise<Address | undefined> {
  const { publicClient } = client;
  return known(
    await read(() => publicClient.readContract({ ...at(client), functionName: 'walletOf', args: [patient] })),
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

/** Whether an id is a registered patient's, with or without a key, whatever its wallet is now. */
export async function isPatient(
  client: ChartkeyClient,
  { patient }: { readonly patient: Address },
): Promise<boolean> {
  const args = [patient, patient] as const;
  const [, known] = await read(() =>
    client.publicClient.readContract({ ...at(client), functionName: 'isVerifiedAndPatient', args }),
  );
  return known;
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
    vouched: found.vouched,
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

const VOUCHER_TYPES = {
  Voucher: [
    { name: 'provider', type: 'address' },
    { name: 'manager', type: 'address' },
    { name: 'role', type: 'uint8' },
    { name: 'area', type: 'uint32' },
    { name: 'organisation', type: 'address' },
    { name: 'credentialHash', type: 'bytes32' },
    { name: 'expiresAt', type: 'uint48' },
    { name: 'deadline', type: 'uint48' },
  ],
};

const ENROLMENT_TYPES = {
  Enrolment: [
    { name: 'patient', type: 'address' },
    { name: 'area', type: 'uint32' },
    { name: 'pid', type: 'bytes32' },
    { name: 'publicKeyHash', type: 'bytes32' },
    { name: 'deadline', type: 'uint48' },
  ],
};

/** Signs under the registry's EIP-712 domain. @throws ChainError */
async function sign(
  client: ChartkeyClient,
  typed: Pick<TypedDataDefinition, 'types' | 'primaryType' | 'message'>,
): Promise<Hex> {
  const account = accountOf(client);
  const { chainId, participants } = client.deployment;
  const domain = { name: 'Chartkey', version: '1', chainId, verifyingContract: participants };
  const definition = { ...typed, domain } as TypedDataDefinition;
  try {
    const wallet = client.walletClient;
    return await (wallet as NonNullable<typeof wallet>).signTypedData({
      ...definition,
      account: wallet?.account ?? account,
    });
  } catch (error) {
    throw toChainError(error);
  }
}

function toChain(application: Application) {
  return { ...application, role: ROLES.indexOf(application.role) };
}

function known(address: Address): Address | undefined {
  return BigInt(address) === 0n ? undefined : address;
}
