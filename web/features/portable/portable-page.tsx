'use client';

import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { useRecords } from '../folders/index.ts';
import { type PatientSession, RequirePatient } from '../session/index.ts';
import { UnlockPanel } from '../vault/index.ts';
import { ExportCard } from './export-card.tsx';
import { FhirCard } from './fhir-card.tsx';
import { ImportCard } from './import-card.tsx';

export function PortablePage() {
  const t = useTranslations('portable');
  return (
    <RequirePatient title={t('exportAndImport')} inPerson>
      {(session) => <Portable session={session} />}
    </RequirePatient>
  );
}

function Portable({ session }: { readonly session: PatientSession }) {
  const t = useTranslations('portable');
  const { patient, address } = session;
  const records = useRecords(patient, { whole: true });
  return (
    <Page
      title={t('exportAndImport')}
      lead={t('takeYourWholeChartWith')}
      actions={
        <Button
          component={Link}
          href="/patient/records"
          variant="default"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
        >
          {t('allRecords')}
        </Button>
      }
    >
      <UnlockPanel patient={patient} text={t('unlockToExportYourRecords')} />
      {records.isPending && !records.error && <Loading what={t('lookingUpYourRecords')} />}
      {records.error !== undefined && records.error !== null && (
        <ErrorNotice error={records.error} onRetry={records.retry} />
      )}
      {!records.isPending && !records.error && (
        <>
          <ExportCard patient={patient} records={records.active} />
          {records.active.length > 0 && <FhirCard records={records.active} />}
          <ImportCard patient={patient} author={address} present={records} />
        </>
      )}
    </Page>
  );
}
