import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds: an answer takes milliseconds, a chain that is far away seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What every service counts, for Prometheus. Labels are codes, states and routes, never a person. */
export type ServiceMetrics = {
  readonly problem: (code: string) => void;
  readonly answered: (route: string, status: number, seconds: number) => void;
  /** The text that Prometheus reads. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
};

export type MetricsKit = {
  readonly metrics: ServiceMetrics;
  readonly counter: (name: string, help: string, labelNames?: string[]) => Counter;
  /** `read` is asked each time that somebody looks; without it, whoever has the gauge sets it. */
  readonly gauge: (name: string, help: string, read?: () => number) => Gauge;
};

/** @param service the word in every name: `chartkey_<service>_…` */
export function createMetricsKit(service: string): MetricsKit {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  const nameOf = (name: string) => `chartkey_${service}_${name}`;
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ registers, name: nameOf(`${name}_total`), help, labelNames });
  const gauge = (name: string, help: string, read?: () => number) =>
    new Gauge({ registers, name: nameOf(name), help, ...(read && { collect: collect(read) }) });
  const problems = counter('problems', 'Requests that were answered with a problem', ['code']);
  const seconds = new Histogram({
    registers,
    name: nameOf('request_seconds'),
    help: 'Time to an answer',
    labelNames: ['route', 'status'],
    buckets: BUCKETS,
  });
  new Gauge({
    registers,
    name: nameOf('memory_bytes'),
    help: 'Memory that the process has',
    labelNames: ['kind'],
    collect() {
      const { rss, heapUsed } = process.memoryUsage();
      this.set({ kind: 'resident' }, rss);
      this.set({ kind: 'heap' }, heapUsed);
    },
  });
  return {
    metrics: {
      problem: (code) => problems.inc({ code }),
      answered: (route, status, took) => seconds.observe({ route, status }, took),
      text: () => registry.metrics(),
      contentType: registry.contentType,
    },
    counter,
    gauge,
  };
}

function collect(read: () => number) {
  return function (this: Gauge) {
    this.set(read());
  };
}
