'use client';

import { Button, Card, List, Stack, Text, Title } from '@mantine/core';
import { IconId } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { type PatientSession, RequirePatient } from '../session/index.ts';
import { EmergencySet } from './emergency-set.tsx';
import { PatientEmergency } from './patient-emergency.tsx';
import { needsPatient } from './phases.ts';
import { useEmergencies } from './use-emergencies.ts';

export function EmergenciesPage() {
  const t = useTranslations('emergency');
  return (
    <RequirePatient title={t('emergencies')}>{(session) => <Emergencies session={session} />}</RequirePatient>
  );
}

const LINES = ['lineMarked', 'lineConfirmed', 'lineShort', 'lineReviewed'] as const;

function Emergencies({ session: { patient } }: { readonly session: PatientSession }) {
  const t = useTranslations('emergency');
  const { list, isPending, error, retry } = useEmergencies({ patient });
  const first = list.filter(needsPatient);
  const past = list.filter((emergency) => !needsPatient(emergency));
  return (
    <Page
      title={t('emergencies')}
      lead={t('whoReadsWhenYouCantAnswer')}
      actions={
        <Button
          component={Link}
          href="/patient/emergency-card"
          leftSection={<IconId size={18} aria-hidden />}
        >
          {t('emergencyCard')}
        </Button>
      }
    >
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {first.map((emergency) => (
        <PatientEmergency key={emergency.emergencyId} emergency={emergency} />
      ))}
      <EmergencySet patient={patient} />
      <Card component="section" aria-label={t('howItWorks')}>
        <Title order={2} size="h4" mb="xs">
          {t('howItWorks')}
        </Title>
        <List type="ordered" spacing={6}>
          {LINES.map((line) => (
            <List.Item key={line}>{t(line)}</List.Item>
          ))}
        </List>
      </Card>
      <Stack gap="sm" component="section" aria-label={t('pastEmergencies')}>
        <Title order={2} size="h4">
          {t('pastEmergencies')}
        </Title>
        {isPending && !error && <Loading what={t('oneMoment')} />}
        {!isPending && past.length === 0 && <Text c="dimmed">{t('noneSoFar')}</Text>}
        {past.map((emergency) => (
          <PatientEmergency key={emergency.emergencyId} emergency={emergency} />
        ))}
      </Stack>
    </Page>
  );
}
