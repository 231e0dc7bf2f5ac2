'use client';

import type { Provider } from '@chartkey/sdk';
import { Button } from '@mantine/core';
import { IconClockHour4, IconStethoscope, IconUserOff } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Address } from 'viem';
import { EmptyState, Page, useWords } from '../../ui/index.ts';
import { RequireWallet, type Session } from '../session/index.ts';

export type ProviderSession = Session & { readonly address: Address; readonly provider: Provider };

type RequireProviderProps = {
  readonly title: string;
  readonly children: (session: ProviderSession) => ReactNode;
};

/** Shows a page to providers that count now, and to others what they are waiting for. */
export function RequireProvider({ title, children }: RequireProviderProps) {
  const t = useTranslations('clinician');
  const words = useWords();
  return (
    <RequireWallet title={title}>
      {(session) => {
        const { provider } = session;
        if (provider === undefined) return <Missing title={title} />;
        const expired = provider.status === 'Verified' && provider.expiresAt * 1000 <= Date.now();
        if (provider.status === 'Verified' && !expired) return children({ ...session, provider });
        return (
          <Page title={title}>
            {provider.status === 'Applied' && (
              <EmptyState
                icon={<IconClockHour4 />}
                title={t('waitingToBeVerified')}
                text={t('untilThenNothing')}
              />
            )}
            {provider.status === 'Suspended' && (
              <EmptyState
                icon={<IconUserOff />}
                title={t('youAreSuspended')}
                text={t('aManagerOfYourArea')}
              />
            )}
            {expired && (
              <EmptyState
                icon={<IconClockHour4 />}
                title={t('yourVerificationHasExpired')}
                text={t('itEndedOnAskThe', { date: words.date(provider.expiresAt) })}
              />
            )}
          </Page>
        );
      }}
    </RequireWallet>
  );
}

function Missing({ title }: { readonly title: string }) {
  const t = useTranslations('clinician');
  return (
    <Page title={title}>
      <EmptyState
        icon={<IconStethoscope />}
        title={t('youAreNotRegisteredAs')}
        text={t('registerOnceTheManagerOf')}
      >
        <Button component={Link} href="/clinician/register">
          {t('registerAsAProvider')}
        </Button>
      </EmptyState>
    </Page>
  );
}
