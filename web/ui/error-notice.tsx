'use client';

import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { explain } from './explain.ts';

type ErrorNoticeProps = {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
};

export function ErrorNotice({ error, onRetry }: ErrorNoticeProps) {
  const { title, text, code, path } = explain(error);
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
          File: {path}
        </Text>
      )}
      {onRetry && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}
