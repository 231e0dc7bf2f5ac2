import type { KeyPair } from '@chartkey/sdk';
import { rateLimit } from '@chartkey/service';
import { bytesToHex, isAddressEqual } from 'viem';
import { Chain } from './chain.ts';
import type { KeeperConfig } from './config.ts';
import { codeHashOf, readCurrentEpoch, requireContracts } from './contracts.ts';
import { HandedShares } from './handed.ts';
import { Journal } from './journal.ts';
import type { Keeping } from './keeping.ts';
import { keyPairsOf } from './keys.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { ProblemError } from './problems.ts';

export type Parts = {
  readonly keeping: Keeping;
  readonly metrics: Metrics;
  readonly close: () => Promise<void>;
};

/**
 * Makes everything that a keeper needs to answer, and looks at it: keys that open, endpoints of
 * the right chain, contracts that belong together, a key that is nobody else's.
 *
 * @throws Error with one plain line; ProblemError if the chain can't be asked
 */
export async function makeParts(config: KeeperConfig): Promise<Parts> {
  const { operator, deployment, confirmations, releaseWindow } = config;
  // Before anything is asked: a wrong passphrase shows at once.
  const keyPairs = await keyPairsOf(config.keys);
  const metrics: Metrics = createMetrics(() => chain.headTime);
  const onTrouble = metrics.trouble;
  const chain: Chain = new Chain({ ...config, chainId: deployment.chainId, onTrouble });
  await chain.requireChainId();
  await requireContracts(chain, deployment);
  await requireCode(chain, config);
  await requireOwnKeys(chain, config, keyPairs);

  const made = { config, chain, keyPairs };
  const handed = await named('handoverFiles', () => HandedShares.open(config.handoverFiles, made));
  const journal = await named('journalFile', () => journalOf(config));
  const limitAccessor = rateLimit(config.ratePerAccessor);
  const keeping = { operator, keyPairs, handed, deployment, chain, confirmations, releaseWindow };
  const close = async () => {
    await journal?.close();
    await handed.close();
  };
  return { keeping: { ...keeping, journal, limitAccessor }, metrics, close };
}

/** @throws Error with one line if the code is not the one that the operator pinned */
async function requireCode(chain: Chain, { deployment, codeHash }: KeeperConfig): Promise<void> {
  if (codeHash === undefined || (await codeHashOf(chain, deployment)) === codeHash) return;
  throw new Error('codeHash: the contracts on this chain have other code than the one that was pinned');
}

/** @throws Error with one line if the chain has a key of ours as somebody else's */
async function requireOwnKeys(
  chain: Chain,
  { deployment, operator }: KeeperConfig,
  keyPairs: readonly KeyPair[],
): Promise<void> {
  const own = keyPairs.map(({ publicKeyHash }) => bytesToHex(publicKeyHash));
  const epoch = await readCurrentEpoch(chain, deployment);
  const other = epoch?.keepers.find(
    (keeper) => own.includes(keeper.publicKeyHash) && !isAddressEqual(keeper.operator, operator),
  );
  if (other) throw new Error('keys: one of them belongs to another keeper of the current epoch');
}

async function journalOf(config: KeeperConfig): Promise<Journal | undefined> {
  return config.journalFile === undefined ? undefined : Journal.open(config.journalFile, config);
}

/** What goes wrong in there is told with the setting's name. */
async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : 'can’t be used'}`, { cause });
  }
}
