'use client';

import { useMemo, useSyncExternalStore } from 'react';
import { draftFrom, type FilterDraft, hashOf } from './filter.ts';

/**
 * Which entries are looked at, as it stands in the address after `#`: it can be kept and sent on, and
 * browsers send that part to no server, so no address of a person ends up in one's logs.
 */
export function useFilter(): readonly [filter: FilterDraft, setFilter: (filter: FilterDraft) => void] {
  const hash = useSyncExternalStore(
    subscribe,
    () => window.location.hash,
    () => '',
  );
  const filter = useMemo(() => draftFrom(hash), [hash]);
  return [filter, setHash];
}

/** Where the log shows just these. */
export function logHref(filter: FilterDraft): string {
  return `/auditor/log#${hashOf(filter)}`;
}

function setHash(filter: FilterDraft): void {
  window.location.hash = hashOf(filter);
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  window.addEventListener('popstate', onChange);
  return () => {
    window.removeEventListener('hashchange', onChange);
    window.removeEventListener('popstate', onChange);
  };
}
