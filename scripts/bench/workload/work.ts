import { type BenchResult, summarize, timed } from '../area.ts';

/** One thing that is measured; what is compared runs in the same group of works. */
export type Work = {
  readonly name: string;
  readonly unit: 'MB/s' | 'ms' | '1/s';
  /** Bytes or operations in one call. */
  readonly amount: number;
  readonly run: () => Promise<unknown>;
  /** Before each call, and not measured. */
  readonly prepare?: () => Promise<unknown>;
  /** Also gives `name/as`, round by round. */
  readonly against?: readonly { readonly name: string; readonly as: string }[];
};

const WARM_UP_ROUNDS = 2;

/**
 * Rounds take turns, so that a machine which slows down slows everything down; each second round
 * goes backwards, so that nobody always runs on what the same neighbour left behind.
 */
export async function measure(
  works: readonly Work[],
  rounds: number,
  runtime: string,
): Promise<BenchResult[]> {
  const samples = new Map(works.map(({ name }): [string, number[]] => [name, []]));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const work of round % 2 === 0 ? works : works.toReversed()) {
      await work.prepare?.();
      const took = await timed(work.run);
      if (round >= 0) samples.get(work.name)?.push(figureOf(work, took));
    }
  }
  return works.flatMap(({ name, unit, against = [] }) => {
    const own = samples.get(name) ?? [];
    const ratios = against.map((other) => {
      const theirs = samples.get(other.name) ?? [];
      const byRound = own.map((sample, i) => sample / (theirs[i] ?? Number.NaN));
      return summarize(`${name}/${other.as}`, 'ratio', byRound, runtime);
    });
    return [summarize(name, unit, own, runtime), ...ratios];
  });
}

function figureOf({ unit, amount }: Work, milliseconds: number): number {
  if (unit === 'ms') return milliseconds / amount;
  return amount / milliseconds / (unit === 'MB/s' ? 1000 : 0.001);
}

export async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source) {
    // Only the time counts.
  }
}
