import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a relay counts, for Prometheus. Labels are codes, states and routes, never a person. */
export type Metrics = {
  readonly accepted: (count: number) => void;
  readonly problem: (code: string) => void;
  readonly trouble: (code: string) => void;
  readonly sent: (requests: number) => void;
  readonly replaced: () => void;
  readonly ended: (state: string) => void;
  readonly balance: (wei: bigint) => void;
  readonly answered: (route: string, status: number, seconds: number) => void;
  /** The text that Prometheus reads. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
};

/** Seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const WEI_PER_ETHER = 1e18;

/** @param waiting how many requests wait or are under way */
export function createMetrics(waiting: () => number): Metrics {
  const registry = new Registry();
  const common = { registers: [registry] };
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ ...common, name: `chartkey_relay_${name}_total`, help, labelNames });
  const accepted = counter('accepted', 'Requests that were accepted');
  const problems = counter('problems', 'Posts that were answered with a problem', ['code']);
  const troubles = counter('troubles', 'Times that sending came to a halt', ['code']);
  const transactions = counter('transactions', 'Transactions that were begun');
  const sent = counter('sent', 'Requests in them');
  const replaced = counter('replacements', 'Transactions that were replaced by one with a higher fee');
  const ended = counter('ended', 'Requests that came to an end', ['state']);
  const balance = new Gauge({
    ...common,
    name: 'chartkey_relay_balance_ether',
    help: 'What the relay has left to pay with, when it last looked',
  });
  const seconds = new Histogram({
    ...common,
    name: 'chartkey_relay_request_seconds',
    help: 'Time to an answer',
    labelNames: ['route', 'status'],
    buckets: BUCKETS,
  });
  new Gauge({
    ...common,
    name: 'chartkey_relay_waiting',
    help: 'Requests that wait or are under way',
    collect() {
      this.set(waiting());
    },
  });
  return {
    accepted: (count) => accepted.inc(count),
    problem: (code) => problems.inc({ code }),
    trouble: (code) => troubles.inc({ code }),
    sent: (requests) => {
      transactions.inc();
      sent.inc(requests);
    },
    replaced: () => replaced.inc(),
    ended: (state) => ended.inc({ state }),
    balance: (wei) => balance.set(Number(wei) / WEI_PER_ETHER),
    answered: (route, status, took) => seconds.observe({ route, status }, took),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
