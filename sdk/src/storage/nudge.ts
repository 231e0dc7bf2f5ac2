const UNTOUCHED_BYTES = 64 * 1_048_576;
/** So many outlive the collections of young objects, which free nothing else and count nothing. */
const KEPT = 3;
const IN_BROWSER = 'document' in globalThis || 'WorkerGlobalScope' in globalThis;

/**
 * Has the garbage collector run now and then. Chromium keeps a copy of each body that `fetch` sent
 * until it does, and counts none of them: an upload that makes no garbage of its own piled up
 * 1.4 GB. Memory that nobody touches is never brought, but counted. Node keeps no copies and has
 * a larger heap to look through, so there it does nothing.
 */
export function createNudge(): () => void {
  if (!IN_BROWSER) return () => undefined;
  const kept: ArrayBuffer[] = [];
  return () => {
    try {
      kept.push(new ArrayBuffer(UNTOUCHED_BYTES));
    } catch {
      // Without room for it, the collector has run already.
    }
    if (kept.length > KEPT) kept.shift();
  };
}
