'use client';

import dynamic from 'next/dynamic';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import { useSession } from '../session/index.ts';
import type { Queue, Target } from './queue.ts';

type Uploads = {
  readonly targets: readonly Target[];
  readonly queues: ReadonlyMap<string, Queue>;
  readonly open: (target: Target) => void;
  readonly publish: (target: Target, queue: Queue) => void;
  readonly closeOthers: (author: string) => void;
};

/** What is under way for one chart. */
export type Upload = { readonly target: Target; readonly queue: Queue };

const UploadsContext = createContext<Uploads | undefined>(undefined);
const QueueHolder = dynamic(() => import('./queue-holder.tsx').then((m) => m.QueueHolder));

/** Keeps what is being added while its person goes on to other pages. */
export function UploadsProvider({ children }: { readonly children: ReactNode }) {
  const [targets, setTargets] = useState<readonly Target[]>([]);
  const [queues, setQueues] = useState<ReadonlyMap<string, Queue>>(new Map());
  const open = useCallback((target: Target) => {
    setTargets((all) => (all.some((one) => keyOf(one) === keyOf(target)) ? all : [...all, target]));
  }, []);
  const publish = useCallback((target: Target, queue: Queue) => {
    setQueues((all) => new Map(all).set(keyOf(target), queue));
  }, []);
  const closeOthers = useCallback((author: string) => {
    setTargets((all) => all.filter((one) => one.author === author));
    setQueues((all) => new Map([...all].filter(([key]) => key.endsWith(` ${author}`))));
  }, []);
  const uploads = useMemo(
    () => ({ targets, queues, open, publish, closeOthers }),
    [targets, queues, open, publish, closeOthers],
  );
  return <UploadsContext value={uploads}>{children}</UploadsContext>;
}

/**
 * Where the work is done: on every page, inside of what signing needs. A wallet that is locked for a while
 * takes nothing away; another account gets nothing.
 */
export function UploadHolders() {
  const { targets, publish, closeOthers } = useContext();
  const { address } = useSession();
  useEffect(() => {
    if (address !== undefined) closeOthers(address);
  }, [address, closeOthers]);
  return targets.map((target) => <QueueHolder key={keyOf(target)} target={target} publish={publish} />);
}

/** The list of one chart, whatever page it was begun on; undefined for a moment the first time. */
export function useUpload({ patient, author }: Target): Queue | undefined {
  const { queues, open } = useContext();
  useEffect(() => open({ patient, author }), [open, patient, author]);
  return queues.get(keyOf({ patient, author }));
}

/** All of this account's that is not done. */
export function useUploads(): readonly Upload[] {
  const { targets, queues } = useContext();
  const { address } = useSession();
  return targets.flatMap((target) => {
    if (target.author !== address) return [];
    const queue = queues.get(keyOf(target));
    return queue?.items.some(({ state }) => state.step !== 'done') ? [{ target, queue }] : [];
  });
}

function keyOf({ patient, author }: Target): string {
  return `${patient} ${author}`;
}

function useContext(): Uploads {
  const uploads = use(UploadsContext);
  if (!uploads) throw new Error('This page is outside of the shell.');
  return uploads;
}
