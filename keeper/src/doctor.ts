import { infoResponseSchema, type KeeperInfo } from '@chartkey/sdk';
import { bytesToHex, type Hex, isAddressEqual } from 'viem';
import { Chain } from './chain.ts';
import type { KeeperConfig } from './config.ts';
import { codeHashOf, type Epoch, readCurrentEpoch, readEpoch, requireContracts } from './contracts.ts';
import { keyPairsOf } from './keys.ts';
import { makeParts } from './parts.ts';
import { configFromEnvironment } from './settings.ts';

/** `node keeper/src/doctor.ts`: looks at everything a start would, and says it as JSON. Changes nothing. */
type Check = { readonly name: string; readonly outcome: 'ok' | 'warning' | 'failed'; readonly says: string };
type Finding = Omit<Check, 'name'>;

const ENDPOINT_TIMEOUT_MS = 5_000;

async function examine(): Promise<Check[]> {
  const checks: Check[] = [];
  const look = async (name: string, work: () => Promise<Finding | string>): Promise<void> => {
    const finding = await work().catch(
      (error: unknown): Finding => ({ outcome: 'failed', says: wordsOf(error) }),
    );
    checks.push({ name, ...(typeof finding === 'string' ? { outcome: 'ok', says: finding } : finding) });
  };

  let config: KeeperConfig | undefined;
  await look('settings', async () => {
    config = await configFromEnvironment(process.env);
    return `operator ${config.operator}, chain ${config.deployment.chainId}`;
  });
  if (!config) return checks;
  const given = config;
  let own: readonly Hex[] = [];
  await look('keys', async () => {
    own = (await keyPairsOf(given.keys)).map(({ publicKeyHash }) => bytesToHex(publicKeyHash));
    return own.join(', ');
  });
  const chain = new Chain({ ...given, chainId: given.deployment.chainId });
  await look('endpoints', () => endpoints(chain, given));
  await look('clock', () => clock(chain));
  await look('contracts', () => contracts(chain, given));
  await look('seat', () => seat(chain, given, own));
  await look('older epochs', () => olderEpochs(chain, given, own));
  await look('reachable', () => reachable(chain, given));
  await look('start', async () => {
    const { keeping, close } = await makeParts(given);
    const said = `${keeping.handed.size} shares handed over, ${keeping.journal?.head.sequence ?? 'no'} releases in the journal`;
    await close();
    return said;
  });
  return checks;
}

async function endpoints(chain: Chain, { rpcUrls, confirmations }: KeeperConfig): Promise<Finding | string> {
  await chain.requireChainId();
  const { head, confirmed } = await chain.anchor();
  const says = `${rpcUrls.length} agree at block ${head.number}; openings count up to block ${confirmed.number} (C is ${confirmations})`;
  const hosts = new Set(rpcUrls.map((url) => new URL(url).host));
  if (hosts.size >= 2) return says;
  return {
    outcome: 'warning',
    says: `${says}. It takes two, run by different people, to notice one that lies`,
  };
}

async function clock(chain: Chain): Promise<Finding | string> {
  const { head } = await chain.anchor();
  const seconds = Math.round(Date.now() / 1000 - head.timestamp);
  const says = `the newest block is ${Math.abs(seconds)} s ${seconds < 0 ? 'ahead of' : 'behind'} this clock`;
  return seconds < -15 ? { outcome: 'warning', says: `${says}: set it by NTP` } : says;
}

async function contracts(chain: Chain, { deployment, codeHash }: KeeperConfig): Promise<Finding | string> {
  await requireContracts(chain, deployment);
  const actual = await codeHashOf(chain, deployment);
  if (codeHash === actual) return `their code is the one that was pinned`;
  if (codeHash !== undefined)
    return { outcome: 'failed', says: `their code is ${actual}, another than was pinned` };
  return {
    outcome: 'warning',
    says: `their code is not pinned; once you have looked at it: codeHash ${actual}`,
  };
}

async function seat(chain: Chain, config: KeeperConfig, own: readonly Hex[]): Promise<Finding | string> {
  const epoch = await readCurrentEpoch(chain, config.deployment);
  const mine = epoch && seatIn(epoch, config);
  if (!epoch || !mine) {
    return {
      outcome: 'warning',
      says: 'none in the current epoch: governance runs chartkey keeper register',
    };
  }
  const says = `epoch ${epoch.number}, ${epoch.threshold} of ${epoch.keepers.length} keepers`;
  if (own.includes(mine.publicKeyHash)) return says;
  return { outcome: 'failed', says: `${says}, but with key ${mine.publicKeyHash}, which is not here` };
}

/** A key of an older epoch that is lost is a share of each of its records that is lost. */
async function olderEpochs(
  chain: Chain,
  config: KeeperConfig,
  own: readonly Hex[],
): Promise<Finding | string> {
  const current = await readCurrentEpoch(chain, config.deployment);
  const lacking: number[] = [];
  let seats = 0;
  for (let number = (current?.number ?? 1) - 1; number >= 1; number--) {
    const epoch = await readEpoch(chain, config.deployment, number);
    const mine = epoch && seatIn(epoch, config);
    if (!mine) continue;
    seats++;
    if (!own.includes(mine.publicKeyHash)) lacking.push(number);
  }
  if (lacking.length === 0) return `${seats} with a seat, and their keys are here`;
  return {
    outcome: 'warning',
    says: `no key for epoch ${lacking.join(', ')}: their records are one keeper poorer`,
  };
}

async function reachable(chain: Chain, config: KeeperConfig): Promise<Finding | string> {
  const epoch = await readCurrentEpoch(chain, config.deployment);
  const mine = epoch && seatIn(epoch, config);
  if (!mine) return { outcome: 'warning', says: 'not looked at without a seat' };
  const info = await infoAt(mine.endpoint);
  if (!info) return { outcome: 'warning', says: `nobody answers at ${mine.endpoint} (yet)` };
  if (isAddressEqual(info.keeper, config.operator)) return `it answers at ${mine.endpoint}`;
  return { outcome: 'failed', says: `another keeper answers at ${mine.endpoint}` };
}

async function infoAt(endpoint: string): Promise<KeeperInfo | undefined> {
  try {
    const signal = AbortSignal.timeout(ENDPOINT_TIMEOUT_MS);
    const response = await fetch(`${endpoint.replace(/\/+$/, '')}/v1/info`, { signal });
    return infoResponseSchema.parse(await response.json());
  } catch {
    return undefined;
  }
}

function seatIn(epoch: Epoch, { operator }: KeeperConfig) {
  return epoch.keepers.find((keeper) => isAddressEqual(keeper.operator, operator));
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'failed';
}

process.removeAllListeners('warning');
process.on('warning', () => {});
console.log(JSON.stringify(await examine()));
