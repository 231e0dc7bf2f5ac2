'use client';

import { type Emergency, endEmergency } from '@chartkey/sdk';
import { Alert, Anchor, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { Address } from 'viem';
import { useWords } from '../../ui/index.ts';
import { OpenedRecords, OpeningStatus, useOpening, useRecords } from '../records/index.ts';
import { SignButton, SwitchNetwork, useSession } from '../session/index.ts';
import { TimeLeft } from './time-left.tsx';
import { useEmergencies, useStanding } from './use-emergencies.ts';

type OnChartProps = { readonly patient: Address; readonly requester: Address };

/** One opening takes this many: of a longer set the newest, which is said. */
const MAX_AT_ONCE = 64;
/** So long after its end it is still said that there was one, in seconds. */
const TOLD_SECONDS = 86_400;

/** A clinician's emergency with the patient of this chart: its mark, its clock, and what it opens. */
export function EmergencyOnChart({ patient, requester }: OnChartProps) {
  const latest = useLatestEmergency({ patient, requester });
  if (latest === undefined) return null;
  if (latest.state === 'standing') return <Standing emergency={latest} />;
  if (latest.state === 'waiting') return <Waiting emergency={latest} />;
  const over = latest.state === 'ended' && (latest.endsAt ?? 0) + TOLD_SECONDS > Date.now() / 1000;
  return over ? <Over emergency={latest} /> : null;
}

/** The newest emergency of this clinician with this patient; undefined for none. */
export function useLatestEmergency({ patient, requester }: OnChartProps): Emergency | undefined {
  const { list } = useEmergencies({ requester });
  return list.find((emergency) => emergency.patient.toLowerCase() === patient.toLowerCase());
}

function Standing({ emergency }: { readonly emergency: Emergency }) {
  const t = useTranslations('emergency');
  const words = useWords();
  const { wrongNetwork } = useSession();
  const { emergencyId, patient, requester, endsAt = 0 } = emergency;
  const standing = useStanding({ patient, requester }, true);
  const { active, isPending } = useRecords(patient);
  const opening = useOpening();
  const busy = opening.signing.busy || opening.fetching;
  const inSet = active.filter(({ compartment }) => standing?.compartments.includes(compartment));
  const ids = inSet.slice(0, MAX_AT_ONCE).map(({ recordId }) => recordId);
  const opened = opening.outcome?.records ?? [];
  return (
    <>
      <Card
        component="section"
        aria-label={t('emergencyAccess')}
        style={{ borderColor: 'var(--mantine-color-red-filled)' }}
      >
        <Stack gap="sm">
          <Group gap="xs" wrap="nowrap" c="var(--mantine-color-red-light-color)">
            <IconAlertTriangle size={22} aria-hidden style={{ flexShrink: 0 }} />
            <Title order={2} size="h4">
              {t('emergencyAccess')}
            </Title>
          </Group>
          <Text>
            {t.rich('untilAndLeft', { time: words.clock(endsAt), left: () => <TimeLeft until={endsAt} /> })}
          </Text>
          <Text size="sm" c="dimmed">
            {t('onlyWhatThePatientMarked')}
            {inSet.length > ids.length && ` ${t('theNewestOfThem', { count: ids.length, of: inSet.length })}`}
          </Text>
          {standing && !isPending && ids.length === 0 && <Text role="status">{t('nothingLiesInIt')}</Text>}
          {wrongNetwork ? (
            <SwitchNetwork />
          ) : (
            ids.length > 0 && (
              <Group>
                <Button color="red" loading={busy} onClick={() => void opening.open(ids, 'ETREAT')}>
                  {opened.length > 0 ? t('openAgain') : t('openRecords', { count: ids.length })}
                </Button>
              </Group>
            )
          )}
          <OpeningStatus opening={opening} />
          <SignButton
            signs={t('signsEnd')}
            action={(client) => endEmergency(client, { emergencyId })}
            button={{ variant: 'default', size: 'sm' }}
          >
            {t('iAmDoneEndIt')}
          </SignButton>
        </Stack>
      </Card>
      <OpenedRecords records={opened} />
    </>
  );
}

function Waiting({ emergency: { emergencyId } }: { readonly emergency: Emergency }) {
  const t = useTranslations('emergency');
  return (
    <Alert color="orange" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t('waitingTitle')}>
      <Text size="sm">
        {t('nothingOpensUntil')}{' '}
        <Anchor component={Link} href={`/clinician/emergency/${emergencyId}`} size="sm" underline="always">
          {t('seeWhoConfirmed')}
        </Anchor>
      </Text>
    </Alert>
  );
}

function Over({ emergency: { emergencyId, endsAt = 0 } }: { readonly emergency: Emergency }) {
  const t = useTranslations('emergency');
  const words = useWords();
  return (
    <Alert
      color="gray"
      variant="light"
      icon={<IconLock aria-hidden />}
      title={t('yourEmergencyAccessHasEnded')}
      role="status"
    >
      <Text size="sm">
        {t('nothingMoreOpens', { time: words.dateTime(endsAt) })}{' '}
        <Anchor component={Link} href={`/clinician/emergency/${emergencyId}`} size="sm" underline="always">
          {t('seeItsReview')}
        </Anchor>
      </Text>
    </Alert>
  );
}
