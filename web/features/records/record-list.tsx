'use client';

import { Group, Text, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
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

/** Records under their headings. */
export function RecordList({ rows, titles, nameOf }: RecordListProps) {
  const t = useTranslations('records');
  return (
    <VirtualRows
      label={t('yourRecords')}
      rows={rows}
      keyOf={({ key }) => key}
      heightOf={({ kind }) => (kind === 'heading' ? HEADING_PX : RECORD_PX)}
    >
      {(row) =>
        row.kind === 'heading' ? (
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
        )
      }
    </VirtualRows>
  );
}

function Heading({ row }: { readonly row: Extract<Row, { kind: 'heading' }> }) {
  const t = useTranslations('records');
  return (
    <Group justify="space-between" px="lg" py={8} bg="var(--ck-soft)">
      <Text component="h3" fw={600} m={0}>
        {row.text}
      </Text>
      <Text size="sm" c="dimmed">
        {t('records', { count: row.count })}
      </Text>
    </Group>
  );
}
