'use client';

import type { IndexedRecord } from '@chartkey/sdk';
import { Group, Text, ThemeIcon } from '@mantine/core';
import { IconFileText, IconHeartbeat, IconLock, IconPhoto, IconScan } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useWords } from '../../ui/index.ts';
import { kindOf, useTypeName } from '../content/index.ts';
import type { RecordTitle, Titles } from '../vault/index.ts';

type RecordLineProps = {
  readonly record: IndexedRecord;
  readonly titles: Titles;
  /** What the patient calls a compartment. */
  readonly nameOf: (compartment: number) => string;
  readonly right?: ReactNode;
};

/** One record in a list: its title when unlocked, else where it lies. */
export function RecordLine({ record, titles, nameOf, right }: RecordLineProps) {
  const t = useTranslations('records');
  const words = useWords();
  const typeName = useTypeName();
  const title = titles.get(record.recordId);
  const own = record.author.toLowerCase() === record.patient.toLowerCase();
  return (
    <Group justify="space-between" wrap="nowrap" py="sm" px="lg" gap="sm">
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
        <ThemeIcon variant="light" radius="md" size={38} aria-hidden color={title ? 'teal' : 'gray'}>
          <KindIcon title={title} />
        </ThemeIcon>
        <div style={{ minWidth: 0 }}>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {title ? title.title || t('untitled') : titles.reading ? t('readingTheTitle') : t('lockedRecord')}
          </Text>
          <Text size="sm" c="dimmed">
            {[
              title && typeName(title),
              record.status === 'Active' ? nameOf(record.compartment) : undefined,
              title && words.day(title.created),
              own ? t('addedByYou') : t('addedByAProvider'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </div>
      </Group>
      {right}
    </Group>
  );
}

function KindIcon({ title }: { readonly title: RecordTitle | undefined }) {
  if (!title) return <IconLock size={20} />;
  switch (kindOf(title)) {
    case 'fhir':
      return <IconHeartbeat size={20} />;
    case 'image':
      return <IconPhoto size={20} />;
    case 'dicom':
      return <IconScan size={20} />;
    default:
      return <IconFileText size={20} />;
  }
}
