import type { Deployment, KeyPair } from '@chartkey/sdk';
import type { RateLimit } from '@chartkey/service';
import type { Address } from 'viem';
import type { Chain, Confirmations } from './chain.ts';
import type { HandedShares } from './handed.ts';
import type { Journal } from './journal.ts';

/** What a keeper has at hand while it runs. Nothing of it is a memory that a release depends on. */
export type Keeping = {
  readonly operator: Address;
  /** The newest first; each opens the blocks of the epochs that it was registered for. */
  readonly keyPairs: readonly [KeyPair, ...KeyPair[]];
  /** Shares of keepers that left. */
  readonly handed: HandedShares;
  readonly deployment: Deployment;
  readonly chain: Chain;
  readonly confirmations: Confirmations;
  /** Seconds. */
  readonly releaseWindow: number;
  /** Undefined where the operator wants none. */
  readonly journal: Journal | undefined;
  readonly limitAccessor: RateLimit;
};
