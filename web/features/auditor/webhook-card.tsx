'use client';

import { Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { useWords } from '../../ui/index.ts';
import { useNetwork } from '../session/index.ts';
import { isAllowed } from './webhook.ts';

export type Sent = { readonly delivered: number; readonly failed: number };

type WebhookCardProps = {
  readonly sent: Sent;
  /** The address that is used from now on; undefined for none. */
  readonly onUse: (url: string | undefined) => void;
};

/**
 * Where findings are posted to besides. The address is held in this page alone: it may have a secret
 * in it.
 */
export function WebhookCard({ sent, onUse }: WebhookCardProps) {
  const t = useTranslations('auditor');
  const words = useWords();
  const { alertOrigins } = useNetwork();
  const [url, setUrl] = useState('');
  const [used, setUsed] = useState<string>();
  const wrong = url !== '' && !isAllowed(url, alertOrigins);
  const use = (next: string | undefined) => {
    setUsed(next);
    onUse(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (url !== '' && !wrong) use(url);
  };
  return (
    <Card component="section" aria-label={t('webhook')}>
      <Title order={2} size="h5">
        {t('webhook')}
      </Title>
      <Text size="sm" mt={4}>
        {t('whatAWebhookGets')}
      </Text>
      {alertOrigins.length === 0 ? (
        <Text size="sm" c="dimmed" mt="xs">
          {t('thisServerPostsNowhere')}
        </Text>
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="sm" mt="sm">
            <TextInput
              label={t('address')}
              description={t('oneOfTheseOrigins', { origins: words.list(alertOrigins) })}
              value={url}
              onChange={({ currentTarget }) => setUrl(currentTarget.value)}
              error={wrong && t('notAnAllowedAddress')}
              disabled={used !== undefined}
              autoComplete="off"
              spellCheck={false}
            />
            <Group gap="sm">
              {used === undefined ? (
                <Button type="submit" disabled={url === '' || wrong}>
                  {t('sendFindingsThere')}
                </Button>
              ) : (
                <Button variant="default" onClick={() => use(undefined)}>
                  {t('sendNoMore')}
                </Button>
              )}
              {used !== undefined && (
                <Text size="sm" role="status">
                  {t('findingsSent', { count: sent.delivered })}
                  {sent.failed > 0 && ` ${t('findingsNotTaken', { count: sent.failed })}`}
                </Text>
              )}
            </Group>
          </Stack>
        </form>
      )}
    </Card>
  );
}
