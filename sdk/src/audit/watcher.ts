import { askIndex, type HistoryEvent, type Index, type IndexedEntry } from '../indexer/index.ts';
import { type Alert, neededBy, type RuleChoice, type WatchedEvent, watchRules } from './rules.ts';

export type Watcher = {
  /** Looks at what the index has since it looked last. @throws IndexError; the next look goes on from there */
  readonly look: () => Promise<readonly Alert[]>;
};

/** Rules that look back find what began before the first alert that is wanted, in seconds. */
const WARM_UP = 86_400;
const PAGE = 1_000;

/**
 * Watches an index by rules.
 *
 * Warning: it hears what the index tells. That the index leaves nothing out, `auditLogs` proves.
 *
 * @param since Unix seconds; alerts about what came before are not told
 * @param clock the time now, in Unix seconds: some alerts are about what did not happen in time
 */
export function createWatcher(
  index: Index,
  {
    rules,
    since,
    clock = () => Math.floor(Date.now() / 1_000),
  }: { readonly rules?: RuleChoice; readonly since: number; readonly clock?: () => number },
): Watcher {
  const watch = watchRules(rules);
  const needed = neededBy(rules);
  const from = Math.max(0, since - WARM_UP - needed.seconds);
  const entries = followed(index, 'entries', { from });
  const history = needed.events.map((name) => followed(index, 'history', { from, name }));
  // Kept from one look to the next, so that one that fails in the middle loses nothing.
  const alerts: Alert[] = [];
  const events: HistoryEvent[] = [];
  const hear = (what: WatchedEvent) => alerts.push(...watch(what).filter(({ at }) => at >= since));
  const look = async () => {
    // Events are few; entries come page by page between them.
    const now = clock();
    for (const heard of history) for await (const event of heard()) events.push(event);
    events.sort((a, b) => (isBefore(a, b) ? -1 : 1));
    for await (const entry of entries()) {
      while (events[0] && isBefore(events[0], entry)) hearNext(events, hear);
      hear({ entry });
    }
    while (events.length > 0) hearNext(events, hear);
    hear({ time: now });
    return alerts.splice(0);
  };
  return { look };
}

type Followed = { readonly entries: IndexedEntry; readonly history: HistoryEvent };

/** What a list has that it did not have before, oldest first. */
function followed<list extends keyof Followed>(
  index: Index,
  list: list,
  query: { readonly from: number; readonly name?: string },
): () => AsyncGenerator<Followed[list]> {
  let cursor: string | undefined;
  return async function* () {
    for (;;) {
      const page = await askIndex(index, list, { ...query, order: 'oldest', limit: PAGE, cursor } as never);
      yield* page.items as Followed[list][];
      cursor = page.last ?? cursor;
      if (page.next === null) return;
    }
  };
}

function hearNext(events: HistoryEvent[], hear: (what: WatchedEvent) => void): void {
  const event = events.shift();
  if (event) hear({ event });
}

type Placed = { readonly blockNumber: number; readonly logIndex: number };

function isBefore(a: Placed, b: Placed): boolean {
  return a.blockNumber < b.blockNumber || (a.blockNumber === b.blockNumber && a.logIndex < b.logIndex);
}
