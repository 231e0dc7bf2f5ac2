'use client';

import { type Alert, createWatcher, type Index } from '@chartkey/sdk';
import { useEffect, useMemo, useState } from 'react';
import { useIndex } from '../lists/index.ts';
import { choiceOf, keyOf, type RuleSets } from './rule-choice.ts';

const LOOK_MS = 5_000;
/** So many of the newest are kept on the page. */
const MAX_FOUND = 200;

export type Watching = {
  /** Newest first. */
  readonly found: readonly Alert[];
  /** Unix seconds; undefined before the first look ended. */
  readonly lookedAt: number | undefined;
  /** Whether there is an index to look at; undefined while that is asked. */
  readonly hasIndex: boolean | undefined;
  readonly error: unknown;
};

const NOTHING: Watching = { found: [], lookedAt: undefined, hasIndex: undefined, error: undefined };

/**
 * Looks by rules for as long as the page is open, and again from the start when a rule is changed.
 *
 * @param since Unix seconds
 * @param onAlert hears of each once, as long as the page is open
 */
export function useWatching(
  { sets, since }: { readonly sets: RuleSets; readonly since: number },
  onAlert: (alert: Alert) => void,
): Watching {
  const { index } = useIndex();
  const [watching, setWatching] = useState<Watching>(NOTHING);
  const [told] = useState(() => new Set<string>());
  // The same rules are the same watch, however often the page is drawn.
  const choice = JSON.stringify(choiceOf(sets));
  const tell = useMemo(
    () => (alert: Alert) => {
      if (told.has(keyOf(alert))) return;
      told.add(keyOf(alert));
      onAlert(alert);
    },
    [onAlert, told],
  );
  useEffect(() => {
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (changed: Partial<Watching>) => {
      if (!ended) setWatching((before) => ({ ...before, ...changed }));
    };
    const follow = async (from: Index) => {
      const watcher = createWatcher(from, { rules: JSON.parse(choice), since });
      const look = async () => {
        try {
          const alerts = await watcher.look();
          if (ended) return;
          for (const alert of alerts) tell(alert);
          setWatching((before) => withAlerts(before, alerts));
        } catch (error) {
          show({ error });
        }
        if (!ended) timer = setTimeout(() => void look(), LOOK_MS);
      };
      await look();
    };
    const start = async () => {
      const from = await index();
      show({ ...NOTHING, hasIndex: from !== undefined });
      if (from) await follow(from);
      else if (!ended) timer = setTimeout(() => void start(), LOOK_MS);
    };
    void start();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [choice, since, index, tell]);
  return watching;
}

function withAlerts(before: Watching, alerts: readonly Alert[]): Watching {
  const found = [...alerts].sort((a, b) => b.at - a.at);
  return {
    ...before,
    found: [...found, ...before.found].slice(0, MAX_FOUND),
    lookedAt: Math.floor(Date.now() / 1_000),
    error: undefined,
  };
}
