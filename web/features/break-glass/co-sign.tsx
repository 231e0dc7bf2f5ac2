'use client';

import { coSignEmergency, EMERGENCY_REQUEST_SECONDS, type Emergency } from '@chartkey/sdk';
import { Card, Checkbox, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Address } from 'viem';
import { Person } from '../../ui/index.ts';
import { TimeLeft, useConfirmations } from '../emergency/index.ts';
import { ProviderLine } from '../people/index.ts';
import { SignButton } from '../session/index.ts';
import { Over } from './requested.tsx';

type CoSignProps = { readonly emergency: Emergency; readonly address: Address };

/** A second pair of eyes: who asks, why, for whom; then a signature of one's own. */
export function CoSign({ emergency, address }: CoSignProps) {
  const t = useTranslations('breakGlass');
  const confirmations = useConfirmations(emergency.emergencyId);
  const did = confirmations.some(({ confirmer }) => confirmer.toLowerCase() === address.toLowerCase());
  const { state } = emergency;
  if (state === 'standing') {
    return (
      <Card component="section" aria-label={t('confirmed')}>
        <Stack gap="xs" role="status">
          <Title order={2} size="h4">
            {t('confirmed')}
          </Title>
          <Text>{t(did ? 'itStandsNowThankYou' : 'itStandsWithoutYou')}</Text>
        </Stack>
      </Card>
    );
  }
  if (state !== 'waiting') return <Over emergency={emergency} />;
  if (did) {
    return (
      <Card component="section" aria-label={t('youCoSigned')}>
        <Stack gap="xs" role="status">
          <Title order={2} size="h4">
            {t('youCoSigned')}
          </Title>
          <Text>{t('somebodyElseHasToo')}</Text>
        </Stack>
      </Card>
    );
  }
  return <Confirm emergency={emergency} />;
}

function Confirm({ emergency }: { readonly emergency: Emergency }) {
  const t = useTranslations('breakGlass');
  const te = useTranslations('emergency');
  const [sure, setSure] = useState(false);
  const { emergencyId, requester, patient, reason, requestedAt } = emergency;
  return (
    <Card component="section" aria-label={t('aColleagueAsksYou')}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('aColleagueAsksYou')}
        </Title>
        <ProviderLine address={requester} detail={te(`reasons.${reason}`)} />
        <Person address={patient} kind={t('patient')} detail={t('whoseRecordsItIsAbout')} />
        <Text size="sm">{t('whatCoSigningMeans')}</Text>
        <Text size="sm" c="dimmed">
          {t.rich('itWaitsFor', {
            left: () => <TimeLeft until={requestedAt + EMERGENCY_REQUEST_SECONDS} />,
          })}
        </Text>
        <Checkbox
          label={t('iSpokeWithThem')}
          checked={sure}
          onChange={({ currentTarget: { checked } }) => setSure(checked)}
        />
        <SignButton
          signs={t('signsCoSign')}
          action={(client) => coSignEmergency(client, { emergencyId })}
          disabled={!sure}
          button={{ color: 'red' }}
        >
          {t('coSign')}
        </SignButton>
      </Stack>
    </Card>
  );
}
