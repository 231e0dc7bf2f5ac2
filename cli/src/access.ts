import {
  accountOf,
  ChainError,
  type ChartkeyClient,
  ChartkeyError,
  createChartkeyClient,
  createStorageClient,
  type Deployment,
  type KeeperNetwork,
  type KeyPair,
  openKeyBlock,
  parseDeployment,
  patientKeyBlock,
  patientOf,
  type StorageClient,
  signInWithWallet,
  toChainError,
} from '@chartkey/sdk';
import { type Address, createPublicClient, createWalletClient, defineChain, type Hex, http } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import type { Given } from './command.ts';
import { readJson, readSecret } from './files.ts';
import { secretFrom } from './secrets.ts';
import { type Settings, settingsFor, variableOf } from './settings.ts';
import { addressInWalletFile, openWalletFile } from './wallet-file.ts';

/** Keepers are where the chain says. */
export const NETWORK: KeeperNetwork = { urlOf: ({ endpoint }) => endpoint };

/** A client that reads. @throws ChartkeyError, ChainError `CHAIN_UNREACHABLE`, `CHAIN_WRONG` */
export async function readerFor(given: Given): Promise<ChartkeyClient> {
  return clientOf(await settingsFor(given));
}

/** A client that signs with the wallet of the settings. @throws ChainError `WALLET_MISSING`; as {@link readerFor} */
export async function signerFor(given: Given): Promise<ChartkeyClient> {
  const settings = await settingsFor(given);
  const account = await accountFrom(given, settings);
  if (account !== undefined) return clientOf(settings, account);
  throw new ChainError('WALLET_MISSING', 'This needs a wallet that signs.', {
    advice: 'Name one: --wallet-file, CHARTKEY_WALLET_FILE, or walletFile in the configuration file.',
  });
}

/** Whose wallet the settings name, if they name one; its passphrase is not needed for that. */
export async function ownAddress(given: Given): Promise<Address | undefined> {
  const key = keyFromEnvironment(given);
  if (key !== undefined) return privateKeyToAccount(key).address;
  const { walletFile } = await settingsFor(given);
  return walletFile === undefined ? undefined : addressInWalletFile(walletFile);
}

/** The patient that a wallet is. @throws ChartkeyError `INPUT_INVALID` if it is none */
export async function ownPatient(client: ChartkeyClient): Promise<Address> {
  const patient = await patientOf(client, { wallet: accountOf(client) });
  if (patient !== undefined) return patient;
  throw new ChartkeyError('INPUT_INVALID', 'This wallet is not registered as a patient.', {
    advice: 'Register it (chartkey participant register), or name the patient: --patient.',
  });
}

/** Storage to read from. @throws ChartkeyError `INPUT_INVALID` if no node is named */
export async function storageFor(given: Given): Promise<StorageClient> {
  const storage = await storageIfSet(given);
  if (storage !== undefined) return storage;
  throw new ChartkeyError('INPUT_INVALID', 'storage: no node is named.', {
    advice: 'Name one: --storage-url, CHARTKEY_STORAGE_URL, or storage in the configuration file.',
  });
}

export async function storageIfSet(given: Given): Promise<StorageClient | undefined> {
  const { storage: nodes, minReplicas } = await settingsFor(given);
  return nodes.length === 0 ? undefined : createStorageClient({ nodes, minReplicas });
}

/**
 * Storage to upload to: the one way there. At gates the wallet signs in (ERC-4361); nodes that are
 * reached directly ask nothing.
 *
 * @throws StorageError `STORAGE_REFUSED`; as {@link storageFor}
 */
export async function uploadTo(given: Given, client: ChartkeyClient): Promise<StorageClient> {
  const storage = await storageFor(given);
  if (!isGated(storage)) return storage;
  const { origin } = await settingsFor(given);
  if (origin === undefined) {
    throw new ChartkeyError('INPUT_INVALID', 'origin: a gate’s sign-in names a site, and none is set.', {
      advice: 'Set origin in the configuration file, or CHARTKEY_ORIGIN, to what the gate expects.',
    });
  }
  const { walletClient, deployment } = client;
  await signInWithWallet(storage, {
    address: accountOf(client),
    chainId: deployment.chainId,
    origin,
    signMessage: async (message) => {
      if (walletClient) return walletClient.signMessage({ message });
      throw new ChainError('WALLET_MISSING', 'This needs a wallet that signs.');
    },
  });
  return storage;
}

/** Whether an upload needs somebody who is registered. */
export function isGated(storage: StorageClient): boolean {
  return storage.nodes.some(({ gate }) => gate !== undefined);
}

/**
 * A patient's own keys, out of their key block with the code of their recovery kit.
 *
 * @returns undefined if the settings name no code
 * @throws ChartkeyError `INPUT_INVALID` for a code of another chart, or one with a slip in it
 */
export async function ownKeys(
  given: Given,
  { client, storage, patient }: { client: ChartkeyClient; storage: StorageClient; patient: Address },
): Promise<readonly KeyPair[] | undefined> {
  const code = await recoveryCode(await settingsFor(given));
  if (code === undefined) return undefined;
  const block = await patientKeyBlock(client, { patient, storage });
  if (block === undefined) {
    throw new ChartkeyError('INPUT_INVALID', 'This patient has registered no key that a code could open.');
  }
  return (await openKeyBlock(block, { kind: 'code', code })).keyPairs;
}

async function recoveryCode({ recoveryCodeFile }: Settings): Promise<string | undefined> {
  if (recoveryCodeFile === undefined) return variableOf('CHARTKEY_RECOVERY_CODE');
  const text = await readSecret(recoveryCodeFile, 'recovery-code-file');
  // A printed kit says more than the code.
  const code = /\b[0-9A-Za-z]{5}(?:-[0-9A-Za-z]{5}){6}\b/.exec(text)?.[0];
  if (code !== undefined) return code;
  throw new ChartkeyError('INPUT_INVALID', '--recovery-code-file: there is no recovery code in it.', {
    advice: 'A code has seven groups of five characters with dashes between them.',
  });
}

async function accountFrom(given: Given, settings: Settings): Promise<PrivateKeyAccount | undefined> {
  const { walletFile, walletPassphraseFile: file } = settings;
  const key = keyFromEnvironment(given);
  if (key !== undefined) return privateKeyToAccount(key);
  if (walletFile === undefined) return undefined;
  await addressInWalletFile(walletFile);
  const passphrase = await secretFrom({
    name: 'The wallet’s passphrase',
    option: 'wallet-passphrase-file',
    file,
    variable: 'CHARTKEY_WALLET_PASSPHRASE',
  });
  return privateKeyToAccount(await openWalletFile(walletFile, passphrase));
}

/**
 * For tests and throw-away chains: an environment can be read by whoever runs as the same user.
 * A file that was typed goes before it.
 */
function keyFromEnvironment(given: Given): Hex | undefined {
  if (given.text('wallet-file') !== undefined) return undefined;
  const key = variableOf('CHARTKEY_WALLET_KEY');
  if (key === undefined || /^0x[0-9a-fA-F]{64}$/.test(key)) return key as Hex | undefined;
  throw new ChartkeyError('INPUT_INVALID', 'CHARTKEY_WALLET_KEY: must be 0x and 64 hex digits.');
}

async function clientOf(settings: Settings, account?: PrivateKeyAccount): Promise<ChartkeyClient> {
  const { rpcUrl, relayUrl } = settings;
  const deployment = await deploymentFrom(settings);
  const chain = defineChain({
    id: deployment.chainId,
    name: 'Chartkey',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  const options = { chain, transport: http(rpcUrl), pollingInterval: 500 };
  const publicClient = createPublicClient({ ...options, cacheTime: 0 });
  await requireChainAt(publicClient, deployment);
  return createChartkeyClient({
    publicClient,
    ...(account && { walletClient: createWalletClient({ ...options, account }) }),
    ...(relayUrl && { relay: { url: relayUrl } }),
    deployment,
  });
}

/** Contracts that are not there would be told as contracts that refuse. */
async function requireChainAt(
  publicClient: ReturnType<typeof createPublicClient>,
  { chainId, participants }: Deployment,
): Promise<void> {
  let actual: number;
  let code: Hex | undefined;
  try {
    [actual, code] = await Promise.all([
      publicClient.getChainId(),
      publicClient.getCode({ address: participants }),
    ]);
  } catch (error) {
    throw toChainError(error);
  }
  if (actual === chainId && code !== undefined) return;
  const message =
    actual === chainId
      ? 'The contracts don’t stand where the list of addresses says.'
      : `The chain is network ${actual}; the list of addresses is for network ${chainId}.`;
  throw new ChainError('CHAIN_WRONG', message, { advice: 'Check rpcUrl and addresses.' });
}

/** Where the contracts stand. @throws ChartkeyError `INPUT_INVALID`, ChainError `CHAIN_WRONG` */
export async function deploymentFor(given: Given): Promise<Deployment> {
  return deploymentFrom(await settingsFor(given));
}

async function deploymentFrom({ addresses }: Settings): Promise<Deployment> {
  if (addresses === undefined) {
    throw new ChartkeyError('INPUT_INVALID', 'addresses: it is not said where the contracts stand.', {
      advice: 'Name the file: --addresses, CHARTKEY_ADDRESSES_FILE, or addresses in the configuration file.',
    });
  }
  return parseDeployment(typeof addresses === 'string' ? await readJson(addresses, 'addresses') : addresses);
}
