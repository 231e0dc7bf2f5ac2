'use client';

import { Box, Group, Text, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import Link from 'next/link';
import { useLayoutEffect, useRef, useState } from 'react';
import type { Titles } from '../vault/index.ts';
import type { Row } from './arrange.ts';
import { RecordLine } from './record-line.tsx';

type RecordListProps = {
  readonly rows: readonly Row[];
  readonly titles: Titles;
  readonly nameOf: (compartment: number) => string;
};

const HEADING_PX = 44;
const RECORD_PX = 69;

/** Only what is on screen is in the page, so ten thousand records scroll like ten. */
export function RecordList({ rows, titles, nameOf }: RecordListProps) {
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
    estimateSize: (at) => (rows[at]?.kind === 'heading' ? HEADING_PX : RECORD_PX),
    getItemKey: (at) => rows[at]?.key ?? at,
    overscan: 8,
    scrollMargin: top,
  });
  return (
    <Box ref={list} role="list" aria-label="Your records" pos="relative" h={virtual.getTotalSize()}>
      {virtual.getVirtualItems().map(({ key, index, start }) => {
        const row = rows[index];
        if (!row) return null;
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
            {row.kind === 'heading' ? (
              <Heading row={row} />
            ) : (
              <UnstyledButton
                component={Link}
                href={`/patient/records/${row.record.recordId}`}
                display="block"
                prefetch={false}
                pl={row.under ? 'lg' : 0}
                className="ck-row"
              >
                <RecordLine
                  record={row.record}
                  titles={titles}
                  nameOf={nameOf}
                  right={<IconChevronRight size={18} aria-hidden style={{ flexShrink: 0 }} />}
                />
              </UnstyledButton>
            )}
          </Box>
        );
      })}
    </Box>
  );
}

function Heading({ row }: { readonly row: Extract<Row, { kind: 'heading' }> }) {
  return (
    <Group justify="space-between" px="lg" py={8} bg="var(--ck-soft)">
      <Text component="h3" fw={600} m={0}>
        {row.text}
      </Text>
      <Text size="sm" c="dimmed">
        {row.count === 1 ? '1 record' : `${row.count} records`}
      </Text>
    </Group>
  );
}
