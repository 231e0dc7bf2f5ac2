'use client';

import type { Emergency } from '@chartkey/sdk';
import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { Address } from 'viem';
import { shortAddress } from '../../ui/index.ts';
import { useSession } from '../session/index.ts';
import { EndIt, MayRead } from './patient-emergency.tsx';
import { isLive } from './phases.ts';
import { TimeLeft } from './time-left.tsx';
import { useEmergencies, useOpenings } from './use-emergencies.ts';

const PAGE = '/patient/emergencies';

/** On every page of a patient's at once: somebody broke the glass. */
export function EmergencyBanner() {
  const { patient } = useSession();
  const path = usePathname();
  // There it stands in full.
  if (patient === undefined || path === PAGE) return null;
  return <BannerOf patient={patient} />;
}

function BannerOf({ patient }: { readonly patient: Address }) {
  const { list } = useEmergencies({ patient });
  return list.filter(isLive).map((emergency) => <Live key={emergency.emergencyId} emergency={emergency} />);
}

function Live({ emergency }: { readonly emergency: Emergency }) {
  const t = useTranslations('emergency');
  const openings = useOpenings(emergency);
  const { requester, reason, state, endsAt } = emergency;
  return (
    <Alert
      className="ck-no-print"
      color="red"
      variant="light"
      mb="md"
      mx="auto"
      maw={960}
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={t(`forPatient.${state}`)}
    >
      <Text size="sm" mb="xs">
        {t('clinicianWho', { account: shortAddress(requester) })}
        {' · '}
        {t('reasonGiven', { reason: t(`reasons.${reason}`) })}
        {' · '}
        {t('mayRead')}: <MayRead emergency={emergency} />
        {state === 'standing' && endsAt !== undefined && (
          <>
            {' · '}
            {t.rich('endsIn', { left: () => <TimeLeft until={endsAt} /> })}
            {' · '}
            {t('openedCount', { count: openings ?? 0 })}
          </>
        )}
      </Text>
      <EndIt
        emergency={emergency}
        beside={
          <Button component={Link} href={PAGE} variant="default">
            {t('whatIsThis')}
          </Button>
        }
      />
    </Alert>
  );
}
