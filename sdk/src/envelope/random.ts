import type { Bytes } from './bytes.ts';
import { type SharePoint, splitSecret } from './shamir.ts';

/**
 * Where sealing takes its randomness from. Only tests and vector makers pass another one;
 * no public function takes it.
 */
export type Entropy = {
  /** `length` unpredictable bytes. */
  readonly bytes: (length: number) => Bytes;
  /** The same into memory that is there: overwrites `target` and returns it. */
  readonly fill: (target: Bytes) => Bytes;
  readonly split: (secret: Uint8Array, n: number, k: number) => Promise<readonly SharePoint[]>;
  /** True only where `bytes` must also decide the KEM's coins, so that output is reproducible. */
  readonly deterministic: boolean;
};

export const secureEntropy: Entropy = {
  bytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
  fill: (target) => globalThis.crypto.getRandomValues(target),
  split: splitSecret,
  deterministic: false,
};
