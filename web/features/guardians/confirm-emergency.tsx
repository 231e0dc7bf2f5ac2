'use client';

import { confirmEmergency, describeReason, EMERGENCY_REQUEST_SECONDS } from '@chartkey/sdk';
import { Alert, Paper, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useSaid, useWords } from '../../ui/index.ts';
import { ProviderLine } from '../people/index.ts';
import { SignButton } from '../session/index.ts';
import type { PendingEmergency } from './use-guardians.ts';

type ConfirmEmergencyProps = { readonly pending: PendingEmergency; readonly threshold: number };

/** A clinician who asks for emergency access, and until when a guardian can confirm it. */
export function ConfirmEmergency({ pending, threshold }: ConfirmEmergencyProps) {
  const t = useTranslations('guardians');
  const words = useWords();
  const said = useSaid();
  const { emergency, confirmed } = pending;
  const { emergencyId, requester, reason, requestedAt, guardianConfirmations } = emergency;
  return (
    <Paper withBorder p="md" component="section" aria-label={t('anEmergency')}>
      <Stack gap="sm">
        <Title order={2} size="h5">
          {t('aClinicianAsksForEmergencyAccess')}
        </Title>
        <ProviderLine address={requester} detail={said(describeReason(reason))} />
        <Text size="sm">
          {t('canBeConfirmedUntil', { when: words.dateTime(requestedAt + EMERGENCY_REQUEST_SECONDS) })}{' '}
          {t('confirmedBy', { confirmations: guardianConfirmations, needed: threshold })}
        </Text>
        {confirmed ? (
          <Alert
            variant="light"
            role="status"
            icon={<IconCircleCheck aria-hidden />}
            title={t('nothingMoreToDo')}
          >
            {t('youConfirmedOthersAreAwaited')}
          </Alert>
        ) : (
          <>
            <Text>{t('ifYouConfirm')}</Text>
            <SignButton
              signs={t('thisIsAnEmergency')}
              action={(client) => confirmEmergency(client, { emergencyId })}
            >
              {t('confirmTheEmergency')}
            </SignButton>
          </>
        )}
      </Stack>
    </Paper>
  );
}
