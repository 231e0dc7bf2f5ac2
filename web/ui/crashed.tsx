'use client';

import { Button, Group } from '@mantine/core';
import { IconMoodConfuzed } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { EmptyState } from './empty-state.tsx';

/** In place of a part of the page that broke. */
export function Crashed({ onRetry }: { readonly onRetry: () => void }) {
  const t = useTranslations('ui');
  return (
    <EmptyState icon={<IconMoodConfuzed />} title={t('thisPageBroke')} text={t('itIsOurFaultAnd')}>
      <Group>
        <Button onClick={onRetry}>{t('tryAgain')}</Button>
        <Button variant="default" component="a" href="/">
          {t('goToTheStart')}
        </Button>
      </Group>
    </EmptyState>
  );
}
