import { createMetricsKit, type ServiceMetrics } from '@chartkey/service';

/** What a relay counts, for Prometheus. Labels are codes, states and routes, never a person. */
export type Metrics = ServiceMetrics & {
  readonly accepted: (count: number) => void;
  readonly trouble: (code: string) => void;
  readonly sent: (requests: number) => void;
  readonly replaced: () => void;
  readonly ended: (state: string) => void;
  readonly balance: (wei: bigint) => void;
};

const WEI_PER_ETHER = 1e18;

/** @param waiting how many requests wait or are under way */
export function createMetrics(waiting: () => number): Metrics {
  const { metrics, counter, gauge } = createMetricsKit('relay');
  const accepted = counter('accepted', 'Requests that were accepted');
  const troubles = counter('troubles', 'Times that sending came to a halt', ['code']);
  const transactions = counter('transactions', 'Transactions that were begun');
  const sent = counter('sent', 'Requests in them');
  const replaced = counter('replacements', 'Transactions that were replaced by one with a higher fee');
  const ended = counter('ended', 'Requests that came to an end', ['state']);
  const balance = gauge('balance_ether', 'What the relay has left to pay with, when it last looked');
  gauge('waiting', 'Requests that wait or are under way', waiting);
  return {
    ...metrics,
    accepted: (count) => accepted.inc(count),
    trouble: (code) => troubles.inc({ code }),
    sent: (requests) => {
      transactions.inc();
      sent.inc(requests);
    },
    replaced: () => replaced.inc(),
    ended: (state) => ended.inc({ state }),
    balance: (wei) => balance.set(Number(wei) / WEI_PER_ETHER),
  };
}
