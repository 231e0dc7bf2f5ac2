'use client';

import type { ConsentGiven, ConsentRequest } from '@chartkey/sdk';
import { Anchor, Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconMessageQuestion, IconUsers } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { type ReactNode, useMemo, useState } from 'react';
import { EmptyState, ErrorNotice, Loading, Page, Person } from '../../ui/index.ts';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { isStanding, useConsentWords } from '../consent/index.ts';
import { type NamedPatient, PatientField, parsePatient, usePatient } from '../patient-number/index.ts';
import { useSharing } from '../sharing/index.ts';
import { StartShift } from '../shift/index.ts';
import { type ProviderSession, RequireProvider } from './require-provider.tsx';

export function TodayPage() {
  const t = useTranslations('clinician');
  return <RequireProvider title={t('today')}>{(session) => <Today session={session} />}</RequireProvider>;
}

function Today({ session }: { readonly session: ProviderSession }) {
  const { describeScope } = useConsentWords();
  const t = useTranslations('clinician');
  const { address } = session;
  const [search, setSearch] = useState('');
  const { consents, requests, isPending, error, retry } = useSharing({ accessor: address });
  const standing = useMemo(() => consents.filter(({ consent }) => isStanding(consent)).reverse(), [consents]);
  const ended = useMemo(() => consents.filter(({ consent }) => !isStanding(consent)).reverse(), [consents]);
  const sent = useMemo(() => [...requests].reverse(), [requests]);
  const named = parsePatient(search);
  const found = named === undefined ? standing.filter(({ patient }) => matches(patient, search)) : standing;
  return (
    <Page
      title={t('today')}
      lead={t('patientsWhoLetYouRead')}
      actions={
        <Button
          component={Link}
          href="/clinician/ask"
          leftSection={<IconMessageQuestion size={18} aria-hidden />}
        >
          {t('askForAccess')}
        </Button>
      }
    >
      <Card>
        <Stack gap="sm">
          <PatientField
            label={t('findAPatient')}
            description={t('scanTheCodeTheyShow')}
            value={search}
            onChange={setSearch}
          />
          {named && <FoundPatient named={named} standing={standing} />}
          {session.provider.role === 'Clinician' && (
            <Anchor
              component={Link}
              href="/clinician/emergency"
              size="sm"
              c="var(--mantine-color-red-light-color)"
              underline="always"
            >
              {t('itIsAnEmergency')}
            </Anchor>
          )}
        </Stack>
      </Card>
      <StartShift person={address} />
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && !error && <Loading what={t('lookingUpWhoSharesWith')} />}
      {!isPending && !error && consents.length === 0 && (
        <EmptyState
          icon={<IconUsers />}
          title={t('nobodySharesWithYouYet')}
          text={t('askAPatientForAccess')}
        />
      )}
      {standing.length > 0 && (
        <Section
          title={standing.length > 5 ? t('sharedWithMeCount', { count: standing.length }) : t('sharedWithMe')}
        >
          {found.length === 0 ? (
            <Text c="dimmed" p="md">
              {t('nobodyWhoSharesWithYou', { search })}
            </Text>
          ) : (
            <VirtualRows
              label={t('sharedWithMe')}
              rows={found}
              keyOf={({ patient }) => patient}
              heightOf={rowHeight}
            >
              {(given) => <SharedRow given={given} />}
            </VirtualRows>
          )}
        </Section>
      )}
      {ended.length > 0 && (
        <Section title={t('ended')}>
          <VirtualRows label={t('ended')} rows={ended} keyOf={({ patient }) => patient} heightOf={rowHeight}>
            {({ patient, consent }) => (
              <Group className="ck-row" px="lg" py="sm">
                <Person address={patient} kind={t('patient')} detail={describeScope(consent)} />
              </Group>
            )}
          </VirtualRows>
        </Section>
      )}
      {sent.length > 0 && (
        <Section title={t('requestsSent')}>
          <VirtualRows
            label={t('requestsSent')}
            rows={sent}
            keyOf={({ patient }) => patient}
            heightOf={rowHeight}
          >
            {(request) => <RequestRow request={request} />}
          </VirtualRows>
        </Section>
      )}
    </Page>
  );
}

const ROW_PX = 69;
const rowHeight = () => ROW_PX;

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Title order={2} size="h5">
        {title}
      </Title>
      <Card padding={0}>{children}</Card>
    </Stack>
  );
}

type FoundPatientProps = { readonly named: NamedPatient; readonly standing: readonly ConsentGiven[] };

/** Somebody who was scanned or entered, and the one next step. */
function FoundPatient({ named, standing }: FoundPatientProps) {
  const t = useTranslations('clinician');
  const { patient, error } = usePatient(named);
  if (error !== undefined && error !== null) return <ErrorNotice error={error} />;
  if (patient === undefined) return <Loading what={t('lookingUpThePatient')} />;
  if (patient === null) {
    return (
      <Text role="status" c="var(--mantine-color-orange-light-color)">
        {t('noPatientHasThisNumber')}
      </Text>
    );
  }
  const given = standing.find((one) => one.patient === patient);
  if (given) return <SharedRow given={given} />;
  return (
    <Group justify="space-between" gap="sm" role="status">
      <Person address={patient} kind={t('patient')} detail={t('doesNotShareWithYou')} />
      <Group gap="xs">
        <Button component={Link} href={`/clinician/ask?patient=${patient}`}>
          {t('askForAccess')}
        </Button>
        <Button component={Link} href={`/clinician/chart/${patient}?do=add`} variant="default">
          {t('sendARecord')}
        </Button>
      </Group>
    </Group>
  );
}

function SharedRow({ given }: { readonly given: ConsentGiven }) {
  const { describeScope } = useConsentWords();
  const t = useTranslations('clinician');
  const { patient, consent } = given;
  const soon = consent.expiresAt * 1000 - Date.now() < 7 * 86_400_000;
  return (
    <Group className="ck-row" justify="space-between" px="lg" py="sm" gap="sm">
      <Person address={patient} kind={t('patient')} detail={describeScope(consent)} />
      <Group gap="xs">
        {soon && (
          <Badge color="orange" variant="light" tt="none">
            {t('endsSoon')}
          </Badge>
        )}
        <Button component={Link} href={`/clinician/chart/${patient}`} prefetch={false} variant="light">
          {t('openChart')}
        </Button>
      </Group>
    </Group>
  );
}

function RequestRow({ request }: { readonly request: ConsentRequest }) {
  const { describeScope } = useConsentWords();
  const t = useTranslations('clinician');
  const { patient, state } = request;
  return (
    <Group className="ck-row" justify="space-between" wrap="nowrap" px="lg" py="sm" align="flex-start">
      <Person
        address={patient}
        kind={t('patient')}
        detail={<Text size="sm">{describeScope(request)}</Text>}
      />
      <Badge
        variant="light"
        tt="none"
        color={state === 'granted' ? 'teal' : 'gray'}
        style={{ flexShrink: 0 }}
      >
        {t(`states.${state}`)}
      </Badge>
    </Group>
  );
}

function matches(patient: string, search: string): boolean {
  return patient.toLowerCase().includes(search.trim().toLowerCase());
}
