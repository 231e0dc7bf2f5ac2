'use client';

import { useEffect, useRef, useState } from 'react';

export type Job<P> = {
  readonly busy: boolean;
  readonly progress: P | undefined;
  readonly error: unknown;
  /** Runs one piece of long work at a time; its failure is in `error`. */
  readonly run: (
    work: (signal: AbortSignal, onProgress: (progress: P) => void) => Promise<void>,
  ) => Promise<void>;
  readonly cancel: () => void;
  readonly reset: () => void;
};

/** Long work with progress and a way out; leaving the page ends it. */
export function useJob<P>(): Job<P> {
  const [busy, setBusy] = useState(false);
  const [progress, setProgress] = useState<P>();
  const [error, setError] = useState<unknown>();
  const abort = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  return {
    busy,
    progress,
    error,
    async run(work) {
      const controller = new AbortController();
      abort.current = controller;
      setBusy(true);
      setError(undefined);
      setProgress(undefined);
      try {
        await work(controller.signal, setProgress);
      } catch (caught) {
        setError(caught);
      } finally {
        setBusy(false);
      }
    },
    cancel: () => abort.current?.abort(),
    reset: () => setError(undefined),
  };
}
