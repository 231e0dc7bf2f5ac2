'use client';

import { useEffect } from 'react';

/** Has the browser keep the page that says "You are offline": `public/sw.js`. */
export function OfflinePage() {
  useEffect(() => {
    if (process.env.NODE_ENV !== 'production' || !('serviceWorker' in navigator)) return;
    // Where it can't be kept, the browser's own page says the same.
    navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  }, []);
  return null;
}
