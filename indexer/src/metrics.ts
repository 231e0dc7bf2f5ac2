import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What an index counts, for Prometheus. Labels are codes, states and routes, never a person. */
export type Metrics = {
  readonly written: (block: number, entries: number, events: number) => void;
  readonly reorganised: (depth: number) => void;
  readonly trouble: (code: string) => void;
  readonly problem: (code: string) => void;
  readonly answered: (route: string, status: number, seconds: number) => void;
  /** The text that Prometheus reads. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
};

/** Seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** @param chainBlock the chain's newest block when it was last asked */
export function createMetrics(chainBlock: () => number | undefined): Metrics {
  const registry = new Registry();
  const common = { registers: [registry] };
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ ...common, name: `chartkey_indexer_${name}_total`, help, labelNames });
  const entries = counter('entries', 'Entries that were written since the start');
  const events = counter('events', 'Other events that were written since the start');
  const reorganisations = counter('reorganisations', 'Reorganisations that were rolled back');
  const takenBack = counter('blocks_taken_back', 'Blocks that they took back');
  const troubles = counter('troubles', 'Looks at the chain that failed', ['code']);
  const problems = counter('problems', 'Questions that were answered with a problem', ['code']);
  const block = new Gauge({
    ...common,
    name: 'chartkey_indexer_block',
    help: 'The newest block that was read',
  });
  new Gauge({
    ...common,
    name: 'chartkey_indexer_chain_block',
    help: 'The newest block of the chain when it was last asked',
    collect() {
      this.set(chainBlock() ?? 0);
    },
  });
  const seconds = new Histogram({
    ...common,
    name: 'chartkey_indexer_request_seconds',
    help: 'Time to an answer',
    labelNames: ['route', 'status'],
    buckets: BUCKETS,
  });
  return {
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
    problem: (code) => problems.inc({ code }),
    answered: (route, status, took) => seconds.observe({ route, status }, took),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
