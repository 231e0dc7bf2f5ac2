'use client';

import type { Emergency } from '@chartkey/sdk';
import { Button, Card, Collapse, Group, Stack, Text, Title } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useId, useState } from 'react';
import {
  EmptyState,
  ErrorNotice,
  Loading,
  shortAddress,
  TechnicalDetails,
  useWords,
} from '../../ui/index.ts';
import { ProviderLine } from '../people/index.ts';
import { ConfirmedBy } from './confirmed-by.tsx';
import { Facts } from './facts.tsx';
import { groupOf, type ReviewGroup } from './phases.ts';
import { StateBadge } from './state-badge.tsx';
import { TimeLeft } from './time-left.tsx';
import { useEmergencies, useOpenings } from './use-emergencies.ts';

const GROUPS: readonly ReviewGroup[] = ['overdue', 'due', 'standing', 'reviewed'];
/** So many at once; the rest on a click. */
const PAGE = 20;

type ReviewListProps = {
  /** Those of clinicians of these areas; of all without. */
  readonly areas?: readonly number[];
  readonly groups?: readonly ReviewGroup[];
  /** What can be done about one; without it the list is for reading. */
  readonly action?: ((emergency: Emergency) => ReactNode) | undefined;
};

/** Emergencies by where their review stands. Managers decide in it, auditors read it. */
export function EmergencyReviews({ areas, groups = GROUPS, action }: ReviewListProps) {
  const t = useTranslations('emergency');
  const { list, isPending, error, retry } = useEmergencies({});
  const ours = list.filter(({ area }) => areas === undefined || areas.includes(area));
  const shown = groups.map((group) => ({
    group,
    members: ours.filter((emergency) => groupOf(emergency) === group),
  }));
  const none = shown.every(({ members }) => members.length === 0);
  return (
    <>
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && !error && <Loading what={t('oneMoment')} />}
      {!isPending && none && (
        <EmptyState icon={<IconChecklist />} title={t('nothingToReview')} text={t('emergenciesShowHere')} />
      )}
      {shown.map(({ group, members }) => (
        <GroupOf key={group} group={group} members={members} action={action} />
      ))}
    </>
  );
}

type GroupProps = Pick<ReviewListProps, 'action'> & {
  readonly group: ReviewGroup;
  readonly members: readonly Emergency[];
};

function GroupOf({ group, members, action }: GroupProps) {
  const t = useTranslations('emergency');
  const [count, setCount] = useState(PAGE);
  if (members.length === 0) return null;
  const title = t(`groups.${group}`, { count: members.length });
  return (
    <Stack gap="sm" component="section" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {members.slice(0, count).map((emergency) => (
        <Item key={emergency.emergencyId} emergency={emergency} action={action} />
      ))}
      {members.length > count && (
        <Group justify="center">
          <Button variant="default" onClick={() => setCount(count + PAGE)}>
            {t('showMore')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

type ItemProps = { readonly emergency: Emergency; readonly action: ReviewListProps['action'] };

function Item({ emergency, action }: ItemProps) {
  const t = useTranslations('emergency');
  const words = useWords();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { requester, reason, patient, openedAt = 0, reviewDueAt, reviewOverdue } = emergency;
  const due = groupOf(emergency) === 'due' && reviewDueAt !== undefined && !reviewOverdue;
  return (
    <Card component="article" aria-label={t('emergencyNumber', { number: String(emergency.emergencyId) })}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="xs">
          <ProviderLine address={requester} detail={t(`reasons.${reason}`)} />
          <StateBadge emergency={emergency} />
        </Group>
        <Text size="sm" c="dimmed">
          {t('withPatientAt', { patient: shortAddress(patient), time: words.dateTime(openedAt) })}
          {due && (
            <>
              {' · '}
              {t.rich('reviewDueIn', { left: () => <TimeLeft until={reviewDueAt} /> })}
            </>
          )}
        </Text>
        <div>
          <Button
            variant="subtle"
            color="gray"
            c="dimmed"
            size="compact-sm"
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
          >
            {t(open ? 'hideDetails' : 'whoConfirmedAndWhat')}
          </Button>
          <Collapse expanded={open} id={id}>
            {open && <Details emergency={emergency} />}
          </Collapse>
        </div>
        {action?.(emergency)}
      </Stack>
    </Card>
  );
}

function Details({ emergency }: { readonly emergency: Emergency }) {
  const t = useTranslations('emergency');
  const openings = useOpenings(emergency);
  const { emergencyId, patient, requester } = emergency;
  return (
    <>
      <Facts
        facts={[
          { name: t('confirmedBy'), value: <ConfirmedBy emergencyId={emergencyId} /> },
          {
            name: t('openedSoFar'),
            value: openings === undefined ? t('counting') : t('records', { count: openings }),
          },
        ]}
      />
      <TechnicalDetails
        details={[
          { name: t('number'), value: String(emergencyId) },
          { name: t('requester'), value: requester },
          { name: t('patient'), value: patient },
        ]}
      />
    </>
  );
}
