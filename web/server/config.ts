import { readFile } from 'node:fs/promises';
import { type Deployment, parseDeployment } from '@chartkey/sdk';

/** What a page needs to know about the network it works on. */
export type AppConfig = {
  readonly chainName: string;
  readonly currency: string;
  /** The address under which a wallet reaches the chain; the page itself asks `/api/rpc` only. */
  readonly walletRpcUrl: string;
  /** After so many seconds without a click or a key an unlocked chart locks itself. */
  readonly idleLockSeconds: number;
  /** Whether this server leads to a relay (`/relay`): then people need no ether. */
  readonly relay: boolean;
  /** Whether this server leads to an index (`/index`): then lists begin there. */
  readonly index: boolean;
  /** Whether this server posts an auditor's alerts to addresses outside, and to which origins. */
  readonly alertOrigins: readonly string[];
  readonly deployment: Deployment;
};

const IDLE_LOCK_SECONDS = 15 * 60;

/** Undefined when the server was started without a chain: the pages then say so. */
export async function readConfig(): Promise<AppConfig | undefined> {
  const file = process.env['CHARTKEY_ADDRESSES_FILE'];
  if (!file) return undefined;
  try {
    const parsed = parseDeployment(JSON.parse(await readFile(file, 'utf8')));
    return {
      chainName:
        process.env['CHARTKEY_CHAIN_NAME'] ??
        (parsed.chainId === 31337 ? 'Chartkey local' : `Chain ${parsed.chainId}`),
      currency: process.env['CHARTKEY_CURRENCY'] ?? 'ETH',
      walletRpcUrl: process.env['CHARTKEY_WALLET_RPC_URL'] ?? rpcUrl(),
      idleLockSeconds: Number(process.env['CHARTKEY_IDLE_LOCK_SECONDS']) || IDLE_LOCK_SECONDS,
      relay: relayUrl() !== undefined,
      index: indexUrl() !== undefined,
      alertOrigins: alertOrigins(),
      deployment: parsed,
    };
  } catch {
    return undefined;
  }
}

export function rpcUrl(): string {
  return process.env['CHARTKEY_RPC_URL'] ?? 'http://127.0.0.1:8545';
}

/** Of the gate before storage. No node's own RPC is ever asked from here. */
export function gateUrl(): string {
  return process.env['CHARTKEY_GATE_URL'] || 'http://127.0.0.1:5102';
}

/** Undefined without a relay: wallets then send and pay for themselves. */
export function relayUrl(): string | undefined {
  return process.env['CHARTKEY_RELAY_URL'] || undefined;
}

/** Undefined without an index: pages then read the chain's events themselves. */
export function indexUrl(): string | undefined {
  return process.env['CHARTKEY_INDEX_URL'] || undefined;
}

/**
 * Where alerts may be posted to, as origins. None by default: a page names the address, and a server
 * that posted to any address would reach into the network that it stands in.
 */
export function alertOrigins(): readonly string[] {
  return (process.env['CHARTKEY_ALERT_ORIGINS'] ?? '').split(',').flatMap((text) => {
    const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
    return url && /^https?:$/.test(url.protocol) ? [url.origin] : [];
  });
}
