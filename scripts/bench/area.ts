export type BenchResult = {
  readonly name: string;
  readonly runtime: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** `MB/s` (10^6 bytes), `ms`, `1/s`, `gas` … */
  readonly unit: string;
  /** Median of this over `against`, round by round. */
  readonly ratio?: number;
  readonly against?: string;
};

export type BenchReport = {
  readonly area: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly results: readonly BenchResult[];
};

/** What each `scripts/bench/<area>.ts` exports. */
export type BenchArea = { readonly bench: () => Promise<readonly BenchResult[]> };

/** Browsers name themselves. */
export const nodeRuntime = `Node ${globalThis.process?.versions.node.split('.')[0]}`;

/** Median, best and worst of what was measured. */
export function summarize(
  name: string,
  unit: string,
  samples: readonly number[],
  runtime = nodeRuntime,
): BenchResult {
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    name,
    runtime,
    median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    unit,
  };
}

/** Rounds are compared one by one: on a busy machine, neighbours in time had the same machine. */
export function comparedTo(
  result: BenchResult,
  samples: readonly number[],
  against: BenchResult,
  againstSamples: readonly number[],
): BenchResult {
  const ratios = samples.map((sample, round) => sample / (againstSamples[round] ?? Number.NaN));
  return { ...result, ratio: summarize('', '', ratios).median, against: against.name };
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
