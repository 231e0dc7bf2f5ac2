/** What each `scripts/fuzz/<area>.ts` exports. */
export type FuzzArea = {
  /** How often, when nobody says it. Default: 20,000. */
  readonly defaultRuns?: number;
  readonly fuzz: (options: { readonly runs: number; readonly seed: number }) => Promise<FuzzResult>;
};

export type FuzzResult = {
  readonly runs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly failures: readonly { readonly why: string; readonly input: string }[];
};

/** Numbers 0 ≤ x < bound that follow from the seed alone (mulberry32). Never for keys. */
export function repeatable(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}
