'use client';

import { Button, Card, Group, Stack, TextInput, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { askedIn, type WalletAsked } from './asked-in-link.ts';

/** For a link that somebody sent in another program than this browser. */
export function AskedByHand({ onAsked }: { readonly onAsked: (asked: WalletAsked) => void }) {
  const t = useTranslations('guardians');
  const [link, setLink] = useState('');
  const asked = askedIn(link);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (asked) onAsked(asked);
  };
  return (
    <Card component="section" aria-label={t('somebodyLostTheirWallet')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            {t('somebodyLostTheirWallet')}
          </Title>
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t('theLinkThatTheySentYou')}
              value={link}
              onChange={({ currentTarget }) => setLink(currentTarget.value)}
              error={link.trim() !== '' && !asked && t('thisIsNoSuchLink')}
              autoComplete="off"
              spellCheck={false}
              inputWrapperOrder={['label', 'description', 'input', 'error']}
              style={{ flex: '1 1 260px' }}
            />
            <Button type="submit" variant="default" disabled={!asked}>
              {t('showIt')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
