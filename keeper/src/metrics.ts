import { createMetricsKit, type ServiceMetrics } from '@chartkey/service';

/** What a keeper counts, for Prometheus. Labels are reasons, codes and routes, never a person. */
export type Metrics = ServiceMetrics & {
  readonly released: (count: number) => void;
  readonly refused: (reason: string, count: number) => void;
  readonly trouble: (code: string) => void;
};

/** @param headTime Unix seconds of the newest block that was seen */
export function createMetrics(headTime: () => number | undefined): Metrics {
  const { metrics, counter, gauge } = createMetricsKit('keeper');
  const releases = counter('releases', 'Shares that were released');
  const refusals = counter('refusals', 'Records for which nothing was released', ['reason']);
  const troubles = counter('rpc_troubles', 'Times that RPC endpoints lagged, disagreed or failed', ['code']);
  gauge('head_age_seconds', 'Age of the newest block when it was last looked at', () => {
    const time = headTime();
    return time === undefined ? Number.NaN : Date.now() / 1000 - time;
  });
  return {
    ...metrics,
    released: (count) => releases.inc(count),
    refused: (reason, count) => refusals.inc({ reason }, count),
    trouble: (code) => troubles.inc({ code }),
  };
}
