import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type ChartkeyClient,
  createChartkeyClient,
  type Deployment,
  parseDeployment,
  participantRegistryAbi,
} from '@chartkey/sdk';
import {
  type Account,
  type Address,
  type Chain,
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeFunctionData,
  http,
  parseAbi,
} from 'viem';
import { ROOT, type Service, startService } from './process.ts';

const HARDHAT = join(ROOT, 'node_modules/hardhat/dist/src/cli.js');

/** A chain of our own: `hardhat node`, forgotten when it stops; with `free`, one on which gas costs nothing. */
export async function startChain(
  port: number,
  { free = false } = {},
): Promise<Service & { readonly rpcUrl: string }> {
  const network = free ? ['--network', 'free'] : [];
  const service = await startService({
    name: 'chain',
    args: [HARDHAT, 'node', ...network, '--hostname', '127.0.0.1', '--port', String(port)],
    ready: /Private Key: .*\n.*Account #19|WARNING: Funds sent|Started HTTP/s,
    timeoutMs: 120_000,
  });
  return { ...service, rpcUrl: `http://127.0.0.1:${port}` };
}

/** Compiles the contracts, if they changed. Two at once would write over each other. */
export async function buildContracts(): Promise<void> {
  // Whoever starts several stacks at once compiles once, before.
  if (process.env.CHARTKEY_CONTRACTS_BUILT === '1') return;
  await hardhat(['build', '--no-tests', '--no-typechain', '--quiet']);
}

/** Deploys all contracts and reads back where they stand. */
export async function deployContracts(rpcUrl: string, addressesFile: string): Promise<Deployment> {
  await buildContracts();
  await hardhat(['run', '--no-compile', join(ROOT, 'deploy/deploy.ts'), '--network', 'local'], {
    CHARTKEY_RPC_URL: rpcUrl,
    CHARTKEY_ADDRESSES_FILE: addressesFile,
  });
  return parseDeployment(JSON.parse(await readFile(addressesFile, 'utf8')));
}

async function hardhat(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [HARDHAT, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
  } catch (cause) {
    const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    throw new Error(`The contracts could not be built or deployed.\n${output}`, { cause });
  }
}

/** A client that reads, and signs with `account`. */
export function clientFor(rpcUrl: string, deployment: Deployment, account?: Account): ChartkeyClient {
  const chain = localChain(rpcUrl, deployment.chainId);
  // One question at a time would do; the default of four seconds between looks would not.
  const options = { chain, transport: http(rpcUrl), pollingInterval: 100 };
  return createChartkeyClient({
    publicClient: createPublicClient({ ...options, cacheTime: 0 }),
    ...(account && { walletClient: createWalletClient({ ...options, account }) }),
    deployment,
  });
}

export function localChain(rpcUrl: string, chainId: number): Chain {
  return defineChain({
    id: chainId,
    name: 'Chartkey local',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
}

const accessManagerAbi = parseAbi([
  'function grantRole(uint64 roleId, address account, uint32 executionDelay)',
]);

/** Governance: appoints managers of areas and auditors. */
export async function appoint(
  governor: ChartkeyClient,
  {
    managers,
    auditors,
  }: {
    readonly managers: readonly { area: number; account: Address }[];
    readonly auditors: readonly Address[];
  },
): Promise<void> {
  const { participants } = governor.deployment;
  const at = { address: participants, abi: participantRegistryAbi } as const;
  const grants: (readonly [bigint, Address])[] = [];
  for (const { area, account } of managers) {
    grants.push([
      await governor.publicClient.readContract({ ...at, functionName: 'managerRole', args: [area] }),
      account,
    ]);
  }
  const auditor = await governor.publicClient.readContract({ ...at, functionName: 'AUDITOR_ROLE' });
  for (const account of auditors) grants.push([auditor, account]);
  for (const [role, account] of grants) await grantRole(governor, role, account);
}

async function grantRole(
  { publicClient, walletClient, deployment }: ChartkeyClient,
  role: bigint,
  account: Address,
) {
  const data = encodeFunctionData({
    abi: accessManagerAbi,
    functionName: 'grantRole',
    args: [role, account, 0],
  });
  const hash = await walletClient?.sendTransaction({
    to: deployment.authority,
    data,
    chain: walletClient.chain ?? null,
  });
  if (!hash) throw new Error('Governance needs a wallet.');
  await publicClient.waitForTransactionReceipt({ hash });
}
