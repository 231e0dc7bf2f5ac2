'use client';

import { EMERGENCY_REQUEST_SECONDS } from '@chartkey/sdk';
import { Alert, Button, Card, Group, NumberInput, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { ErrorNotice, Page, shortAddress } from '../../ui/index.ts';
import type { ProviderSession } from '../clinician/index.ts';
import { isLive, StateBadge, TimeLeft, useEmergencies } from '../emergency/index.ts';
import { ProviderLine } from '../people/index.ts';
import { AskForEmergency } from './ask.tsx';
import { RequireClinician } from './require-clinician.tsx';
import { useHash } from './use-hash.ts';

export function EmergencyPage() {
  const t = useTranslations('breakGlass');
  return <RequireClinician title={t('emergency')}>{(session) => <Red session={session} />}</RequireClinician>;
}

function Red({ session }: { readonly session: ProviderSession }) {
  const t = useTranslations('breakGlass');
  const card = useHash();
  const named = useSearchParams().get('patient') ?? '';
  return (
    <Page title={t('emergency')}>
      <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t('breakTheGlass')}>
        <Text size="sm">{t('whatItIs')}</Text>
      </Alert>
      <Mine session={session} />
      {card !== undefined && <AskForEmergency key={card} session={session} first={card || named} />}
      <Colleagues session={session} />
    </Page>
  );
}

/** What this clinician asked for and still waits, or stands. */
function Mine({ session: { address } }: { readonly session: ProviderSession }) {
  const t = useTranslations('breakGlass');
  const { list, error, retry } = useEmergencies({ requester: address });
  const live = list.filter(isLive);
  return (
    <>
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {live.map((emergency) => (
        <Card key={emergency.emergencyId} component="section" aria-label={t('yourEmergency')}>
          <Group justify="space-between" gap="xs">
            <div>
              <Text fw={600}>
                {t('patientWho', { account: shortAddress(emergency.patient) })}{' '}
                <StateBadge emergency={emergency} />
              </Text>
              <Text size="sm" c="dimmed">
                {t.rich('left', {
                  left: () => (
                    <TimeLeft until={emergency.endsAt ?? emergency.requestedAt + EMERGENCY_REQUEST_SECONDS} />
                  ),
                })}
              </Text>
            </div>
            <Button component={Link} href={`/clinician/emergency/${emergency.emergencyId}`}>
              {t('goOn')}
            </Button>
          </Group>
        </Card>
      ))}
    </>
  );
}

/** Emergencies of others that wait for a second pair of eyes. */
function Colleagues({ session: { address, provider } }: { readonly session: ProviderSession }) {
  const t = useTranslations('breakGlass');
  const router = useRouter();
  const { list } = useEmergencies({});
  const [number, setNumber] = useState<number | string>('');
  const waiting = list.filter(
    ({ state, requester, area }) =>
      state === 'waiting' && area === provider.area && requester.toLowerCase() !== address.toLowerCase(),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (number !== '') router.push(`/clinician/emergency/${number}`);
  };
  return (
    <Card component="section" aria-label={t('aColleagueAsksYou')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('aColleagueAsksYou')}
        </Title>
        {waiting.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('nobodyAsksNow')}
          </Text>
        )}
        {waiting.map(({ emergencyId, requester }) => (
          <Group key={emergencyId} justify="space-between" gap="xs">
            <ProviderLine
              address={requester}
              detail={t('emergencyNumber', { number: String(emergencyId) })}
            />
            <Button component={Link} href={`/clinician/emergency/${emergencyId}`} variant="default">
              {t('lookAtIt')}
            </Button>
          </Group>
        ))}
        <form onSubmit={submit}>
          <Group align="flex-end" gap="xs">
            <NumberInput
              label={t('numberOfTheEmergency')}
              value={number}
              onChange={setNumber}
              min={1}
              max={Number.MAX_SAFE_INTEGER}
              allowDecimal={false}
              allowNegative={false}
              hideControls
              w={220}
            />
            <Button type="submit" variant="default" disabled={number === ''}>
              {t('lookAtIt')}
            </Button>
          </Group>
        </form>
      </Stack>
    </Card>
  );
}
