'use client';

import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { explain } from './explain.ts';
import { useSaid } from './said.ts';

type ErrorNoticeProps = {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
};

export function ErrorNotice({ error, onRetry }: ErrorNoticeProps) {
  const t = useTranslations('ui');
  const { title, text, code, path } = explain(error, useTranslations('errors'), useSaid());
  const chosen = code === 'CANCELLED' || code === 'WALLET_REJECTED';
  return (
    <Alert
      color={chosen ? 'gray' : 'red'}
      variant="light"
      icon={<IconAlertCircle aria-hidden />}
      title={title}
      role="alert"
      data-code={code}
    >
      <Text size="sm">{text}</Text>
      {path !== undefined && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {t('file', { path })}
        </Text>
      )}
      {onRetry && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onRetry}>
            {t('tryAgain')}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
