'use client';

import { Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useWords } from '../../ui/index.ts';

type SourceNoteProps = {
  readonly source: 'index' | 'chain';
  /** How far the index had read. */
  readonly upTo?: number | undefined;
  /** Whether older ones are left out. */
  readonly cut: boolean;
};

/** Where a list comes from: what an index says is its word until it is checked. */
export function SourceNote({ source, upTo, cut }: SourceNoteProps) {
  const t = useTranslations('auditor');
  const words = useWords();
  const from =
    source === 'chain'
      ? t('readFromTheChain')
      : upTo === undefined
        ? t('readFromTheIndex')
        : t('readFromTheIndexUpTo', { block: words.number(upTo) });
  return (
    <Text size="sm" c="dimmed" data-source={source}>
      {from}
      {cut && ` ${t('olderAreLeftOut')}`}
    </Text>
  );
}
