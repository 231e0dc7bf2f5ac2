'use client';

import { type Emergency, endEmergency } from '@chartkey/sdk';
import { Anchor, Card, Group, Stack, Text, Title } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useWords } from '../../ui/index.ts';
import { useFolders } from '../folders/index.ts';
import { ProviderLine } from '../people/index.ts';
import { SignButton } from '../session/index.ts';
import { ConfirmedBy } from './confirmed-by.tsx';
import { Facts } from './facts.tsx';
import { isLive } from './phases.ts';
import { Review } from './review.tsx';
import { StateBadge } from './state-badge.tsx';
import { TimeLeft } from './time-left.tsx';
import { useEmergencySet, useOpenings, useStanding } from './use-emergencies.ts';

/** All that a patient wants to know of one emergency, and what can be done about it. */
export function PatientEmergency({ emergency }: { readonly emergency: Emergency }) {
  const t = useTranslations('emergency');
  const { requester, reason, state, review } = emergency;
  const title = t(`forPatient.${state}`);
  return (
    <Card
      component="section"
      aria-label={title}
      {...(isLive(emergency) && { style: { borderColor: 'var(--mantine-color-red-filled)' } })}
    >
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="xs">
          <Title order={2} size="h4">
            {title}
          </Title>
          <StateBadge emergency={emergency} />
        </Group>
        <ProviderLine address={requester} detail={t('reasonGiven', { reason: t(`reasons.${reason}`) })} />
        <AboutIt emergency={emergency} />
        {isLive(emergency) && <EndIt emergency={emergency} />}
        <Review emergency={emergency} as="patient" />
        {state === 'ended' && review !== 'None' && <Text size="sm">{t(`found.${review}`)}</Text>}
      </Stack>
    </Card>
  );
}

function AboutIt({ emergency }: { readonly emergency: Emergency }) {
  const t = useTranslations('emergency');
  const words = useWords();
  const openings = useOpenings(emergency);
  const { emergencyId, state, endsAt, openedAt, requestedAt } = emergency;
  const until = state === 'standing' ? endsAt : undefined;
  return (
    <Facts
      facts={[
        { name: t('askedAt'), value: words.dateTime(requestedAt) },
        ...(isLive(emergency) ? [{ name: t('mayRead'), value: <MayRead emergency={emergency} /> }] : []),
        ...(until === undefined
          ? []
          : [
              {
                name: t('until'),
                value: t.rich('clockAndLeft', {
                  time: words.clock(until),
                  left: () => <TimeLeft until={until} />,
                }),
              },
            ]),
        ...(state === 'ended' && openedAt !== undefined && endsAt !== undefined
          ? [
              {
                name: t('stoodFromTo'),
                value: t('fromTo', { from: words.dateTime(openedAt), to: words.dateTime(endsAt) }),
              },
            ]
          : []),
        { name: t('confirmedBy'), value: <ConfirmedBy emergencyId={emergencyId} /> },
        ...(openedAt === undefined
          ? []
          : [
              {
                name: t('openedSoFar'),
                value: (
                  <>
                    {openings === undefined ? t('counting') : t('records', { count: openings })}{' '}
                    <Anchor component={Link} href="/patient/log" size="sm" underline="always">
                      {t('seeWhoLooked')}
                    </Anchor>
                  </>
                ),
              },
            ]),
      ]}
    />
  );
}

/** Folders by the patient's own names, as far as they are unlocked. */
export function MayRead({ emergency }: { readonly emergency: Emergency }) {
  const t = useTranslations('emergency');
  const words = useWords();
  const { patient, state } = emergency;
  const { nameOf } = useFolders(patient);
  const { marked } = useEmergencySet(patient);
  const standing = useStanding(emergency, state === 'standing');
  const compartments = state === 'standing' ? standing?.compartments : marked;
  if (compartments === undefined) return t('oneMoment');
  const folders = compartments.length === 0 ? t('nothing') : words.list(compartments.map(nameOf));
  return state === 'waiting' ? t('onceConfirmed', { folders }) : folders;
}

type EndItProps = { readonly emergency: Emergency; readonly beside?: ReactNode };

/** From the next block on nothing opens; what was seen was seen. */
export function EndIt({ emergency: { emergencyId, state }, beside }: EndItProps) {
  const t = useTranslations('emergency');
  return (
    <SignButton
      signs={t(state === 'waiting' ? 'signsWithdraw' : 'signsEnd')}
      action={(client) => endEmergency(client, { emergencyId })}
      button={{ color: 'red' }}
      beside={beside}
    >
      {t(state === 'waiting' ? 'refuseItNow' : 'endItNow')}
    </SignButton>
  );
}
