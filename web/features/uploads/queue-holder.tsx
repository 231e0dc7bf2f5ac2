'use client';

import { memo, useEffect } from 'react';
import { type Queue, type Target, useQueue } from './queue.ts';

type QueueHolderProps = {
  readonly target: Target;
  readonly publish: (target: Target, queue: Queue) => void;
};

/** Shows nothing; it lives on when the page does not. Memoised, as what it publishes renders its parent anew. */
export const QueueHolder = memo(function QueueHolder({ target, publish }: QueueHolderProps) {
  const queue = useQueue(target);
  useEffect(() => publish(target, queue));
  const { busy } = queue;
  useEffect(() => {
    if (!busy) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [busy]);
  return null;
});
