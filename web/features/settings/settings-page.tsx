'use client';

import { Card, Radio, SegmentedControl, Stack, Text, Title, useMantineColorScheme } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type ReactNode, useSyncExternalStore } from 'react';
import { LanguageMenu, Page } from '../../ui/index.ts';
import { Contracts } from '../network/index.ts';
import { useSender } from '../session/index.ts';
import { StorageHealth } from '../system/index.ts';
import { ForgetBrowser } from './forget-browser.tsx';
import { IdleLock } from './idle-lock.tsx';

/** What somebody can set in this browser, and what there is to know of this site. */
export function SettingsPage() {
  const t = useTranslations('settings');
  const inBrowser = useInBrowser();
  return (
    <Page title={t('settings')} lead={t('allOfItIsKept')}>
      <Part title={t('language')}>
        <div>
          <LanguageMenu named />
        </div>
      </Part>
      <Part title={t('appearance')}>{inBrowser && <Theme />}</Part>
      <Part title={t('lockAfter')}>{inBrowser && <IdleLock />}</Part>
      <WhoPays />
      <StorageHealth title={t('whereRecordsAre')} text={t('storedEncrypted')} />
      <ForgetBrowser />
      <Contracts />
    </Page>
  );
}

type PartProps = { readonly title: string; readonly children: ReactNode };

function Part({ title, children }: PartProps) {
  return (
    <Card component="section" aria-label={title}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Card>
  );
}

const SCHEMES = ['auto', 'light', 'dark'] as const;

function Theme() {
  const t = useTranslations('settings');
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <div>
      <SegmentedControl
        aria-label={t('appearance')}
        data={SCHEMES.map((value) => ({ value, label: t(`schemes.${value}`) }))}
        value={colorScheme}
        onChange={(value) => setColorScheme(value as (typeof SCHEMES)[number])}
      />
    </div>
  );
}

/** The same choice as in the account's menu. */
function WhoPays() {
  const t = useTranslations('settings');
  const { sender, relay, choose } = useSender();
  return (
    <Part title={t('whoPays')}>
      {relay ? (
        <Radio.Group
          aria-label={t('whoPays')}
          value={sender}
          onChange={(value) => choose(value === 'self' ? 'self' : 'relay')}
        >
          <Stack gap="sm">
            <Radio value="relay" label={t('theRelay')} description={t('signingCostsNothing')} />
            <Radio value="self" label={t('myWallet')} description={t('everyStepNeedsEther')} />
          </Stack>
        </Radio.Group>
      ) : (
        <Text>{t('thereIsNoRelay')}</Text>
      )}
    </Part>
  );
}

/** What was chosen is known to the browser alone, not to the server that renders first. */
function useInBrowser(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
}
