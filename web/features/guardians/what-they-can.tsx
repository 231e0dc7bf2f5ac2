'use client';

import { Card, List, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { bold } from '../../ui/index.ts';

const LINES = [
  'theyMoveYourChart',
  'theyConfirmAnEmergency',
  'theyReadNothing',
  'oneAloneCanDoNothing',
] as const;

/** What guardians can and cannot do, in four lines. */
export function WhatTheyCan() {
  const t = useTranslations('guardians');
  return (
    <Card component="section" aria-label={t('whatTheyCanDo')} bg="var(--ck-soft)">
      <Title order={2} size="h4" mb="xs">
        {t('whatTheyCanDo')}
      </Title>
      <List spacing={6} pr="md">
        {LINES.map((line) => (
          <List.Item key={line}>
            <Text>{t.rich(line, { b: bold })}</Text>
          </List.Item>
        ))}
      </List>
    </Card>
  );
}
