'use client';

import { Box } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';

type VirtualRowsProps<T> = {
  readonly label: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** About how high a row will be, in px; each is measured once it is on screen. */
  readonly heightOf: (row: T) => number;
  readonly children: (row: T) => ReactNode;
};

/** Only what is on screen is in the page, so ten thousand rows scroll like ten. */
export function VirtualRows<T>({ label, rows, keyOf, heightOf, children }: VirtualRowsProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  // What stands above changes its height while the page is used.
  useLayoutEffect(() => {
    const at = list.current?.getBoundingClientRect().top ?? 0;
    const offset = Math.round(at + window.scrollY);
    if (offset !== top) setTop(offset);
  });
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (at) => {
      const row = rows[at];
      return row === undefined ? 0 : heightOf(row);
    },
    getItemKey: (at) => {
      const row = rows[at];
      return row === undefined ? at : keyOf(row);
    },
    overscan: 8,
    scrollMargin: top,
  });
  return (
    <Box ref={list} role="list" aria-label={label} pos="relative" h={virtual.getTotalSize()}>
      {virtual.getVirtualItems().map(({ key, index, start }) => {
        const row = rows[index];
        if (row === undefined) return null;
        return (
          <Box
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            role="listitem"
            aria-setsize={rows.length}
            aria-posinset={index + 1}
            pos="absolute"
            top={start - top}
            left={0}
            right={0}
          >
            {children(row)}
          </Box>
        );
      })}
    </Box>
  );
}
