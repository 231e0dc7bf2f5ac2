'use client';

import { Button, Card, Divider, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { Fragment, type ReactNode, useId, useState } from 'react';
import { Guard } from './guard.tsx';

/** Enough to judge by, short enough to keep a chart of thousands of entries quick. */
const FIRST = 6;
const MORE = 100;

type SectionProps<T> = {
  readonly title: string;
  readonly items: readonly T[];
  readonly children: (item: T) => ReactNode;
};

export function Section<T>({ title, items, children }: SectionProps<T>) {
  const t = useTranslations('fhir');
  const [shown, setShown] = useState(FIRST);
  const id = useId();
  if (items.length === 0) return null;
  return (
    <Card withBorder padding="md" radius="md" component="section" aria-labelledby={id}>
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h4" id={id}>
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {items.length}
        </Text>
      </Group>
      <Stack gap={0}>
        {items.slice(0, shown).map((item, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries of a file never move, and many have no id.
          <Fragment key={at}>
            {at > 0 && <Divider />}
            <Guard>{children(item)}</Guard>
          </Fragment>
        ))}
      </Stack>
      {items.length > shown && (
        <Button variant="subtle" mt="xs" onClick={() => setShown(shown + MORE)}>
          {t('showMore', { count: Math.min(MORE, items.length - shown) })}
        </Button>
      )}
    </Card>
  );
}

type RowProps = {
  readonly title: string;
  readonly detail?: string;
  readonly badge?: ReactNode;
};

export function Row({ title, detail, badge }: RowProps) {
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start" py="xs" gap="sm">
      <div style={{ minWidth: 0 }}>
        <Text fw={500} style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Text>
        {detail && (
          <Text size="sm" c="dimmed">
            {detail}
          </Text>
        )}
      </div>
      {badge}
    </Group>
  );
}
