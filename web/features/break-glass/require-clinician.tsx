'use client';

import { IconStethoscopeOff } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { EmptyState, Page } from '../../ui/index.ts';
import { type ProviderSession, RequireProvider } from '../clinician/index.ts';

type RequireClinicianProps = {
  readonly title: string;
  readonly children: (session: ProviderSession) => ReactNode;
};

/** Emergencies are between clinicians: other providers are told so. */
export function RequireClinician({ title, children }: RequireClinicianProps) {
  const t = useTranslations('breakGlass');
  return (
    <RequireProvider title={title}>
      {(session) =>
        session.provider.role === 'Clinician' ? (
          children(session)
        ) : (
          <Page title={title}>
            <EmptyState
              icon={<IconStethoscopeOff />}
              title={t('onlyForClinicians')}
              text={t('othersAskForAccess')}
            />
          </Page>
        )
      }
    </RequireProvider>
  );
}
