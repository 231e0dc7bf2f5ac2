'use client';

import { Group, Loader, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';

/** After so long people wonder whether something broke. */
const SLOW_MS = 8_000;

export function Loading({ what }: { readonly what: string }) {
  const t = useTranslations('ui');
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Group gap="sm" py="lg" role="status" wrap="nowrap" align="flex-start">
      <Loader size="sm" aria-hidden />
      <div>
        <Text c="dimmed">{what}</Text>
        {slow && (
          <Text c="dimmed" size="sm">
            {t('thisTakesLongerThanUsual')}
          </Text>
        )}
      </div>
    </Group>
  );
}
