'use client';

import { useSyncExternalStore } from 'react';

/** What stands behind the `#`, which no server is told; undefined until the browser says. */
export function useHash(): string | undefined {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener('hashchange', listener);
      return () => window.removeEventListener('hashchange', listener);
    },
    () => window.location.hash.slice(1),
    () => undefined,
  );
}
