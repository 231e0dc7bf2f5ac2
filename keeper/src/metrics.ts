import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a keeper counts, for Prometheus. Labels are reasons, codes and routes, never a person. */
export type Metrics = {
  readonly released: (count: number) => void;
  readonly refused: (reason: string, count: number) => void;
  readonly problem: (code: string) => void;
  readonly trouble: (code: string) => void;
  readonly answered: (route: string, status: number, seconds: number) => void;
  /** The text that Prometheus reads. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
};

/** Seconds: a release takes milliseconds, a chain that is far away seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** @param headTime Unix seconds of the newest block that was seen */
export function createMetrics(headTime: () => number | undefined): Metrics {
  const registry = new Registry();
  const common = { registers: [registry] };
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ ...common, name: `chartkey_keeper_${name}_total`, help, labelNames });
  const releases = counter('releases', 'Shares that were released');
  const refusals = counter('refusals', 'Records for which nothing was released', ['reason']);
  const problems = counter('problems', 'Requests that were answered with a problem', ['code']);
  const troubles = counter('rpc_troubles', 'Times that RPC endpoints lagged, disagreed or failed', ['code']);
  const seconds = new Histogram({
    ...common,
    name: 'chartkey_keeper_request_seconds',
    help: 'Time to an answer',
    labelNames: ['route', 'status'],
    buckets: BUCKETS,
  });
  new Gauge({
    ...common,
    name: 'chartkey_keeper_head_age_seconds',
    help: 'Age of the newest block when it was last looked at',
    collect() {
      const time = headTime();
      this.set(time === undefined ? Number.NaN : Date.now() / 1000 - time);
    },
  });
  new Gauge({
    ...common,
    name: 'chartkey_keeper_memory_bytes',
    help: 'Memory that the process has',
    labelNames: ['kind'],
    collect() {
      const { rss, heapUsed } = process.memoryUsage();
      this.set({ kind: 'resident' }, rss);
      this.set({ kind: 'heap' }, heapUsed);
    },
  });
  return {
    released: (count) => releases.inc(count),
    refused: (reason, count) => refusals.inc({ reason }, count),
    problem: (code) => problems.inc({ code }),
    trouble: (code) => troubles.inc({ code }),
    answered: (route, status, took) => seconds.observe({ route, status }, took),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
