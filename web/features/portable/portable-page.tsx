'use client';

import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import Link from 'next/link';
import { ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { useRecords } from '../folders/index.ts';
import { type PatientSession, RequirePatient } from '../session/index.ts';
import { UnlockPanel } from '../vault/index.ts';
import { ExportCard } from './export-card.tsx';
import { FhirCard } from './fhir-card.tsx';
import { ImportCard } from './import-card.tsx';

export function PortablePage() {
  return (
    <RequirePatient title="Export and import">{(session) => <Portable session={session} />}</RequirePatient>
  );
}

function Portable({ session }: { readonly session: PatientSession }) {
  const { patient, address } = session;
  const records = useRecords(patient);
  return (
    <Page
      title="Export and import"
      lead="Take your whole chart with you, for yourself or for another hospital, and bring one in."
      actions={
        <Button
          component={Link}
          href="/patient/records"
          variant="default"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
        >
          All records
        </Button>
      }
    >
      <UnlockPanel
        patient={patient}
        text="Unlock to export your records, and so that an import finds those that you have already."
      />
      {records.isPending && !records.error && <Loading what="Looking up your records…" />}
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
