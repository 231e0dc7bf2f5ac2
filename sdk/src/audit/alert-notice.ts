import { type Alert, RULES } from './rules.ts';

/**
 * An alert as it is sent outside: rule, time and numbers. An address is a person's, an accessor's too, so
 * there is none in it: whoever gets it looks at the log.
 */
export function alertNotice(chainId: number, { rule, at, count, blockNumber }: Omit<Alert, 'accessor'>) {
  return {
    format: 'chartkey-alert',
    version: 1,
    chainId,
    rule,
    says: RULES[rule].says,
    at,
    count,
    blockNumber,
  } as const;
}
