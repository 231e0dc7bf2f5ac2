import type { Deployment, KeyPair } from '@chartkey/sdk';
import type { Address } from 'viem';
import type { Chain, Confirmations } from './chain.ts';

/** What a keeper has at hand while it runs. None of it changes, and none of it is a memory. */
export type Keeping = {
  readonly operator: Address;
  /** The newest first; each opens the blocks of the epochs that it was registered for. */
  readonly keyPairs: readonly [KeyPair, ...KeyPair[]];
  readonly deployment: Deployment;
  readonly chain: Chain;
  readonly confirmations: Confirmations;
  /** Seconds. */
  readonly releaseWindow: number;
};
