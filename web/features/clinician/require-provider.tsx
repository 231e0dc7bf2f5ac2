'use client';

import type { Provider } from '@chartkey/sdk';
import { Button } from '@mantine/core';
import { IconClockHour4, IconStethoscope, IconUserOff } from '@tabler/icons-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { Address } from 'viem';
import { dateInWords, EmptyState, Page } from '../../ui/index.ts';
import { RequireWallet, type Session } from '../session/index.ts';

export type ProviderSession = Session & { readonly address: Address; readonly provider: Provider };

type RequireProviderProps = {
  readonly title: string;
  readonly children: (session: ProviderSession) => ReactNode;
};

/** Shows a page to providers that count now, and to others what they are waiting for. */
export function RequireProvider({ title, children }: RequireProviderProps) {
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
                title="Waiting to be verified"
                text="The manager of your area checks who you are. Until then you can open nothing. This page updates itself."
              />
            )}
            {provider.status === 'Suspended' && (
              <EmptyState
                icon={<IconUserOff />}
                title="You are suspended"
                text="A manager of your area suspended this account. It can open nothing until a manager reinstates it."
              />
            )}
            {expired && (
              <EmptyState
                icon={<IconClockHour4 />}
                title="Your verification has expired"
                text={`It ended on ${dateInWords(provider.expiresAt)}. Ask the manager of your area to renew it.`}
              />
            )}
          </Page>
        );
      }}
    </RequireWallet>
  );
}

function Missing({ title }: { readonly title: string }) {
  return (
    <Page title={title}>
      <EmptyState
        icon={<IconStethoscope />}
        title="You are not registered as a provider"
        text="Register once; the manager of your area then verifies you."
      >
        <Button component={Link} href="/clinician/register">
          Register as a provider
        </Button>
      </EmptyState>
    </Page>
  );
}
