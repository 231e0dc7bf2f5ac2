import { existsSync } from 'node:fs';
import { formatEther, formatGwei } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { Chain } from './chain.ts';
import { configFromEnvironment, type RelayConfig } from './config.ts';
import { Queue } from './queue.ts';

/** One thing that was looked at. */
export type Check = {
  readonly name: string;
  readonly outcome: 'ok' | 'warning' | 'failed';
  readonly says: string;
};
type Finding = Omit<Check, 'name'>;

/** Gas of one opening in a batch: what most requests are. */
const TYPICAL_GAS = 50_000n;
/** With less than this many requests' worth of ether, an operator should be told. */
const FEW_REQUESTS = 1_000n;

/** Looks at everything that a start would. Changes nothing. */
export async function examine(env: Readonly<Record<string, string | undefined>>): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const look = async (name: string, work: () => Promise<Finding | string> | Finding | string) => {
    const finding = await Promise.resolve()
      .then(work)
      .catch((error: unknown): Finding => ({ outcome: 'failed', says: wordsOf(error) }));
    checks.push({ name, ...(typeof finding === 'string' ? { outcome: 'ok', says: finding } : finding) });
  };
  let config: RelayConfig | undefined;
  await look('settings', async () => {
    config = await configFromEnvironment(env);
    return `account ${privateKeyToAccount(config.key).address}, chain ${config.deployment.chainId}`;
  });
  if (!config) return checks;
  const given = config;
  const chain = new Chain(given.rpcUrl, given.deployment);
  await look('contracts', async () => {
    await chain.requireContracts();
    return 'they stand where the list of addresses says';
  });
  await look('clock', () => clock(chain));
  await look('fees', () => fees(chain, given));
  await look('ether', () => ether(chain, given));
  await look('queue', () => queue(given));
  return checks;
}

async function clock(chain: Chain): Promise<Finding | string> {
  const seconds = Math.round((await chain.now()).time - Date.now() / 1000);
  if (seconds > 15)
    return { outcome: 'warning', says: `${seconds} s behind the newest block: set it by NTP` };
  return 'it is not behind the newest block';
}

async function fees(chain: Chain, { feeCap }: RelayConfig): Promise<Finding | string> {
  const { least } = await chain.fees();
  const says = `a unit of gas costs ${formatGwei(least)} gwei; the cap is ${formatGwei(feeCap)} gwei`;
  if (least > feeCap) return { outcome: 'failed', says: `${says}, so nothing would be sent` };
  return 2n * least > feeCap && feeCap > 0n ? { outcome: 'warning', says: `${says}, which is near` } : says;
}

async function ether(chain: Chain, { key }: RelayConfig): Promise<Finding | string> {
  const [{ offer, least }, balance] = await Promise.all([
    chain.fees(),
    chain.balanceOf(privateKeyToAccount(key).address),
  ]);
  if (least === 0n) return 'none is needed on this network';
  const worth = balance / (offer * TYPICAL_GAS);
  const says = `${formatEther(balance)} ether, which pays for some ${worth} openings`;
  if (worth === 0n) return { outcome: 'failed', says };
  return worth < FEW_REQUESTS ? { outcome: 'warning', says } : says;
}

function queue({ databaseFile }: RelayConfig): Finding | string {
  if (!existsSync(databaseFile)) return 'none yet: the first start makes it';
  const file = new Queue(databaseFile);
  try {
    return `${file.countOf()} requests wait or are under way`;
  } finally {
    file.close();
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'failed';
}
