import type { ConsentGiven, LogEntry } from '@chartkey/sdk';

/** One line of the inbox: what it is, and where it is dealt with. */
export type News = {
  readonly key: string;
  readonly text: string;
  readonly href: string;
  /** Waits for an answer; otherwise it is only to be known. */
  readonly asks: boolean;
};

const SOON_SECONDS = 7 * 86_400;

/** Consents that stand and end within a week. @param now Unix seconds */
export function endingSoon(
  consents: readonly ConsentGiven[],
  now = Date.now() / 1000,
): readonly ConsentGiven[] {
  return consents.filter(({ consent: { startsAt, expiresAt } }) => {
    return startsAt <= now && expiresAt > now && expiresAt - now < SOON_SECONDS;
  });
}

/** Looks of others since a moment, Unix seconds. */
export function looksSince(
  entries: readonly LogEntry[],
  { since, self }: { readonly since: number; readonly self: string },
): number {
  const others = entries.filter(
    ({ openedAt, accessor }) => openedAt > since && accessor.toLowerCase() !== self.toLowerCase(),
  );
  return new Set(others.map(({ transactionHash }) => transactionHash)).size;
}
