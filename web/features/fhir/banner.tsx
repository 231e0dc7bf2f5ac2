'use client';

import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { AllergyIntolerance, Patient } from '@medplum/fhirtypes';
import { IconAlertTriangle } from '@tabler/icons-react';
import { dayInWords, nameOf, patientAddress, patientAge, patientName } from './words.ts';

type BannerProps = { readonly patient: Patient; readonly allergies: readonly AllergyIntolerance[] };

/** Whom the page is about, and what could harm them: read before anything else. */
export function PatientBanner({ patient, allergies }: BannerProps) {
  const facts = [
    patientAge(patient),
    patient.gender,
    patient.birthDate && `born ${dayInWords(patient.birthDate)}`,
    patient.deceasedDateTime && `died ${dayInWords(patient.deceasedDateTime)}`,
  ].filter(Boolean);
  return (
    <Paper withBorder radius="md" p="md" component="section" aria-label="Patient" bg="var(--ck-banner)">
      <Stack gap={6}>
        <Title order={2} size="h3">
          {patientName(patient)}
        </Title>
        <Text>{facts.join(' · ')}</Text>
        {patientAddress(patient) && (
          <Text size="sm" c="dimmed">
            {patientAddress(patient)}
          </Text>
        )}
        <Group gap="xs">
          {allergies.length === 0 && <Text size="sm">No allergies in this file</Text>}
          {allergies.map((allergy, at) => (
            <Badge
              // biome-ignore lint/suspicious/noArrayIndexKey: entries of a file never move.
              key={at}
              color="red"
              variant="light"
              tt="none"
              size="lg"
              leftSection={<IconAlertTriangle size={14} aria-hidden />}
            >
              Allergic to {nameOf(allergy.code)}
            </Badge>
          ))}
        </Group>
      </Stack>
    </Paper>
  );
}
