import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { encodeDeployData, type Hex, isAddressEqual, parseAbi } from 'viem';
import { type PrivateKeyAccount, toAccount } from 'viem/accounts';
import { ACTORS } from '../../scripts/lib/accounts.ts';
import { ROOT } from '../../scripts/lib/process.ts';
import { newcomer, type World } from './world.ts';

const WALLET = 'test/contracts/support/Wallet.sol';
const abi = parseAbi(['constructor(address owner)']);

/** A smart-contract wallet on the chain (the contracts' own test wallet), whose owner signs for it. */
export async function deployWallet(
  { clientOf }: World,
  bytecode: Hex,
  owner: PrivateKeyAccount = newcomer(),
) {
  const { walletClient, publicClient } = clientOf(ACTORS.outsider);
  const data = encodeDeployData({ abi, bytecode, args: [owner.address] });
  const hash = await walletClient?.sendTransaction({ data, chain: null });
  if (!hash) throw new Error('no wallet');
  const { contractAddress: address } = await publicClient.waitForTransactionReceipt({ hash });
  if (!address || isAddressEqual(address, owner.address)) throw new Error('no contract');
  const cannot = () => Promise.reject(new Error('It signs typed data alone.'));
  return toAccount({
    address,
    signTypedData: (typed) => owner.signTypedData(typed),
    signMessage: cannot,
    signTransaction: cannot,
  });
}

/** Compiled here: the build leaves test contracts out. */
export async function compileWallet(): Promise<Hex> {
  const sources: Record<string, { readonly content: string }> = {};
  await gather(WALLET, sources);
  const input = {
    language: 'Solidity',
    sources,
    settings: { evmVersion: 'cancun', outputSelection: { [WALLET]: { Wallet: ['evm.bytecode.object'] } } },
  };
  const { contracts } = JSON.parse(await solc(JSON.stringify(input)));
  return `0x${contracts[WALLET].Wallet.evm.bytecode.object}`;
}

/** A file and what it imports, by the names that imports have. */
async function gather(name: string, sources: Record<string, { readonly content: string }>): Promise<void> {
  if (sources[name]) return;
  const path = name.startsWith('@') ? createRequire(import.meta.url).resolve(name) : join(ROOT, name);
  const content = await readFile(path, 'utf8');
  sources[name] = { content };
  for (const [, imported = ''] of content.matchAll(/^import .*?["']([^"']+)["'];/gm)) {
    await gather(imported.startsWith('.') ? join(name, '..', imported) : imported, sources);
  }
}

function solc(input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const program = join(ROOT, 'scripts/lib/solc.mjs');
    const options = { maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, [program], options, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
    child.stdin?.end(input);
  });
}
