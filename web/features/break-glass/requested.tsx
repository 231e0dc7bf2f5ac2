'use client';

import { EMERGENCY_REQUEST_SECONDS, type Emergency, endEmergency } from '@chartkey/sdk';
import { Button, Card, Group, List, Loader, Stack, Text, Title } from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { CopyButton, useWords } from '../../ui/index.ts';
import { TimeLeft, useConfirmations, useGuardianCount } from '../emergency/index.ts';
import { QrCode } from '../patient-number/index.ts';
import { SignButton } from '../session/index.ts';

const COLLEAGUES = 2;

/** What whoever asked sees: whom it waits for, then how long it stands, then what became of it. */
export function Requested({ emergency }: { readonly emergency: Emergency }) {
  if (emergency.state === 'waiting') return <Waiting emergency={emergency} />;
  if (emergency.state === 'standing') return <Standing emergency={emergency} />;
  return <Over emergency={emergency} />;
}

function Waiting({ emergency }: { readonly emergency: Emergency }) {
  const t = useTranslations('breakGlass');
  const { emergencyId, patient, requestedAt } = emergency;
  const confirmations = useConfirmations(emergencyId);
  const guardians = useGuardianCount(patient);
  const asGuardian = confirmations.filter((one) => one.asGuardian).length;
  const until = requestedAt + EMERGENCY_REQUEST_SECONDS;
  return (
    <>
      <Card component="section" aria-label={t('waiting')}>
        <Stack gap="sm">
          <Group gap="xs" wrap="nowrap" role="status">
            <Loader size="xs" aria-hidden />
            <Title order={2} size="h4">
              {t('waiting')}
            </Title>
          </Group>
          <List spacing={4}>
            <List.Item>
              {t('colleaguesConfirmed', { done: confirmations.length - asGuardian, of: COLLEAGUES })}
            </List.Item>
            {guardians.of > 0 && (
              <List.Item>
                {t('guardiansConfirmed', {
                  ...{ done: asGuardian, needed: guardians.threshold, of: guardians.of },
                })}
              </List.Item>
            )}
          </List>
          <Text size="sm" c="dimmed">
            {t(guardians.of > 0 ? 'eitherOpensIt' : 'bothOpenIt')}{' '}
            {t.rich('itWaitsFor', { left: () => <TimeLeft until={until} /> })}
          </Text>
        </Stack>
      </Card>
      <HandOver emergencyId={emergencyId} />
      <End emergency={emergency} />
    </>
  );
}

/** What two colleagues need: a link, its code to scan, or the number. */
function HandOver({ emergencyId }: { readonly emergencyId: bigint }) {
  const t = useTranslations('breakGlass');
  const link = `${window.location.origin}/clinician/emergency/${emergencyId}`;
  return (
    <Card component="section" aria-label={t('giveThisToColleagues')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('giveThisToColleagues')}
        </Title>
        <Text size="sm">{t('nobodyCoSignsForThemselves')}</Text>
        <Group gap="lg" align="center">
          <QrCode text={link} label={t('codeOfTheLink')} width={170} />
          <Stack gap="xs" style={{ flex: '1 1 220px', minWidth: 0 }}>
            <Text fw={650} fz={28} data-testid="emergency-number">
              {t('numberWord', { number: String(emergencyId) })}
            </Text>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {link}
            </Text>
            <div>
              <CopyButton value={link} label={t('copyTheLink')} />
            </div>
          </Stack>
        </Group>
      </Stack>
    </Card>
  );
}

function Standing({ emergency }: { readonly emergency: Emergency }) {
  const t = useTranslations('breakGlass');
  const te = useTranslations('emergency');
  const words = useWords();
  const { patient, endsAt = 0 } = emergency;
  return (
    <>
      <Card
        component="section"
        aria-label={t('itStands')}
        style={{ borderColor: 'var(--mantine-color-red-filled)' }}
      >
        <Stack gap="sm" role="status">
          <Title order={2} size="h4">
            {t('itStands')}
          </Title>
          <Text>
            {te.rich('untilAndLeft', { time: words.clock(endsAt), left: () => <TimeLeft until={endsAt} /> })}
          </Text>
          <div>
            <Button component={Link} href={`/clinician/chart/${patient}`} color="red">
              {t('openTheChart')}
            </Button>
          </div>
        </Stack>
      </Card>
      <End emergency={emergency} />
    </>
  );
}

function End({ emergency: { emergencyId, state } }: { readonly emergency: Emergency }) {
  const t = useTranslations('breakGlass');
  const te = useTranslations('emergency');
  return (
    <SignButton
      signs={te(state === 'waiting' ? 'signsWithdraw' : 'signsEnd')}
      action={(client) => endEmergency(client, { emergencyId })}
      button={{ variant: 'default', size: 'sm' }}
    >
      {state === 'waiting' ? t('withdrawIt') : te('iAmDoneEndIt')}
    </SignButton>
  );
}

/** What became of it, in words; after which nothing opens. */
export function Over({
  emergency,
  children,
}: {
  readonly emergency: Emergency;
  readonly children?: ReactNode;
}) {
  const t = useTranslations('breakGlass');
  const te = useTranslations('emergency');
  const { state, review } = emergency;
  const over = state === 'lapsed' || state === 'withdrawn' ? state : 'ended';
  return (
    <Card component="section" aria-label={t('itIsOver')}>
      <Stack gap="sm" role="status">
        <Title order={2} size="h4">
          {t(`over.${over}.title`)}
        </Title>
        <Text>{t(`over.${over}.text`)}</Text>
        {over === 'ended' && <Text>{review === 'None' ? t('notReviewedYet') : te(`found.${review}`)}</Text>}
        {children}
      </Stack>
    </Card>
  );
}
