/**
 * Which keepers failed lately, by their URL. One that failed is asked a moment after the others,
 * and a longer moment each time; it is never left out, as it may be one of the k that are needed.
 * Kept for this page or process alone.
 */
const failures = new Map<string, { count: number; at: number }>();

/** After so long a failure counts no more, in milliseconds. */
const FORGET_MS = 60_000;
const FIRST_MS = 100;
const LONGEST_MS = 1_000;
/** More keepers than any epoch has. */
const MAX_REMEMBERED = 256;

export function noteFailure(url: string, now = Date.now()): void {
  const count = (recent(url, now)?.count ?? 0) + 1;
  failures.delete(url);
  failures.set(url, { count, at: now });
  const [oldest] = failures.keys();
  if (failures.size > MAX_REMEMBERED && oldest !== undefined) failures.delete(oldest);
}

export function noteSuccess(url: string): void {
  failures.delete(url);
}

/** Everyone, with how long to wait before asking. If all failed, nobody is waited for. */
export function inOrderOfHealth<T>(
  items: readonly T[],
  urlOf: (item: T) => string,
  now = Date.now(),
): readonly { readonly item: T; readonly pauseMs: number }[] {
  const paused = items.map((item) => ({ item, pauseMs: pauseOf(urlOf(item), now) }));
  const least = Math.min(...paused.map(({ pauseMs }) => pauseMs));
  return paused.map(({ item, pauseMs }) => ({ item, pauseMs: pauseMs - least }));
}

function pauseOf(url: string, now: number): number {
  const failure = recent(url, now);
  return failure ? Math.min(FIRST_MS * 2 ** (failure.count - 1), LONGEST_MS) : 0;
}

function recent(url: string, now: number) {
  const failure = failures.get(url);
  return failure && now - failure.at < FORGET_MS ? failure : undefined;
}
