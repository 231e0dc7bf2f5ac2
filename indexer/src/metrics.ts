import { createMetricsKit, type ServiceMetrics } from '@chartkey/service';

/** What an index counts, for Prometheus. Labels are codes, states and routes, never a person. */
export type Metrics = ServiceMetrics & {
  readonly written: (block: number, entries: number, events: number) => void;
  readonly reorganised: (depth: number) => void;
  readonly trouble: (code: string) => void;
};

/** @param chainBlock the chain's newest block when it was last asked */
export function createMetrics(chainBlock: () => number | undefined): Metrics {
  const { metrics, counter, gauge } = createMetricsKit('indexer');
  const entries = counter('entries', 'Entries that were written since the start');
  const events = counter('events', 'Other events that were written since the start');
  const reorganisations = counter('reorganisations', 'Reorganisations that were rolled back');
  const takenBack = counter('blocks_taken_back', 'Blocks that they took back');
  const troubles = counter('troubles', 'Looks at the chain that failed', ['code']);
  const block = gauge('block', 'The newest block that was read');
  gauge('chain_block', 'The newest block of the chain when it was last asked', () => chainBlock() ?? 0);
  return {
    ...metrics,
    written: (number, entryCount, eventCount) => {
      block.set(number);
      entries.inc(entryCount);
      events.inc(eventCount);
    },
    reorganised: (depth) => {
      reorganisations.inc();
      takenBack.inc(depth);
    },
    trouble: (code) => troubles.inc({ code }),
  };
}
