import type { BenchResult } from './area.ts';
import { summarize } from './area.ts';

type Crowd = { readonly measureWithCrowd: (crowd: number) => Promise<Readonly<Record<string, number>>> };

/** How many records, consents and patients are there before anything is measured. */
const CROWDS = [1, 1_000, 100_000] as const;

/**
 * Gas of each call with a crowd already there. Of a crowd the calls themselves make what is made quickly (up to
 * 1,000 of each); beyond that its slots are written straight into the simulated chain's storage, in the contracts' own
 * layout, which is what as many calls would have left behind.
 */
export async function bench(): Promise<readonly BenchResult[]> {
  // Hardhat's types are its own project's; loaded here, so that asking for another area starts no chain.
  const file = new URL('../../test/contracts/support/crowd.ts', import.meta.url).href;
  const { measureWithCrowd } = (await import(file)) as Crowd;
  const results: BenchResult[] = [];
  for (const crowd of CROWDS) {
    const gas = await measureWithCrowd(crowd);
    for (const [name, used] of Object.entries(gas))
      results.push(summarize(name, 'gas', [used], String(crowd)));
  }
  return results;
}
