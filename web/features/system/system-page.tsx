'use client';

import { useTranslations } from 'next-intl';
import { Page } from '../../ui/index.ts';
import { ForManagers } from '../manager/index.ts';
import { Services } from './services.tsx';

/** For managers: whether everything is up. */
export function SystemPage() {
  const t = useTranslations('system');
  return (
    <ForManagers title={t('system')}>
      {() => (
        <Page title={t('system')} lead={t('whetherEverythingThatPeopleNeed')}>
          <Services />
        </Page>
      )}
    </ForManagers>
  );
}
