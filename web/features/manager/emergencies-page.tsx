'use client';

import { useTranslations } from 'next-intl';
import { Page } from '../../ui/index.ts';
import { EmergencyReviews, Review } from '../emergency/index.ts';
import { ForManagers } from './for-managers.tsx';

/** Emergencies of the clinicians of one's areas: what is overdue and due first, then what was settled. */
export function EmergencyReviewPage() {
  const t = useTranslations('manager');
  return (
    <ForManagers title={t('emergencies')}>
      {({ managedAreas }) => (
        <Page title={t('emergencies')} lead={t('youSayWhetherEachWas', { areas: managedAreas.join(', ') })}>
          <EmergencyReviews
            areas={managedAreas}
            action={(emergency) => <Review emergency={emergency} as="manager" />}
          />
        </Page>
      )}
    </ForManagers>
  );
}
