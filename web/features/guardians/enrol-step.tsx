'use client';

import { Button, Card, Stack, Text, Title } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Address } from 'viem';
import { GuardianForm } from './guardian-form.tsx';

/** The last step of setting up a chart, which can wait. */
export function GuardianStep({ patient }: { readonly patient: Address }) {
  const t = useTranslations('guardians');
  const [state, setState] = useState<'asking' | 'later' | 'named'>('asking');
  return (
    <Card component="section" aria-label={t('namePeopleWhoCanHelp')}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('namePeopleWhoCanHelp')}
        </Title>
        {state === 'asking' && (
          <>
            <Text>{t('ifYouLoseYourWallet')}</Text>
            <GuardianForm
              own={[patient]}
              onDone={() => setState('named')}
              beside={
                <Button variant="default" onClick={() => setState('later')}>
                  {t('later')}
                </Button>
              }
            />
          </>
        )}
        {state === 'named' && <Text role="status">{t('theyAreNamed')}</Text>}
        {state === 'later' && (
          <Text role="status">
            {t.rich('youFindItUnder', {
              link: (text) => <Link href="/patient/guardians">{text}</Link>,
            })}
          </Text>
        )}
      </Stack>
    </Card>
  );
}
