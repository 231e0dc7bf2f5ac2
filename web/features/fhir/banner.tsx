'use client';

import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { AllergyIntolerance, Patient } from '@medplum/fhirtypes';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useFhirWords } from './use-fhir-words.ts';
import { patientAddress } from './words.ts';

type BannerProps = { readonly patient: Patient; readonly allergies: readonly AllergyIntolerance[] };

/** Whom the page is about, and what could harm them: read before anything else. */
export function PatientBanner({ patient, allergies }: BannerProps) {
  const { nameOf, patientName, patientAge, dayInWords } = useFhirWords();
  const t = useTranslations('fhir');
  const facts = [
    patientAge(patient),
    patient.gender && t(`genders.${genderOf(patient.gender)}`),
    patient.birthDate && t('born', { day: dayInWords(patient.birthDate) }),
    patient.deceasedDateTime && t('died', { day: dayInWords(patient.deceasedDateTime) }),
  ].filter(Boolean);
  return (
    <Paper withBorder radius="md" p="md" component="section" aria-label={t('patient')} bg="var(--ck-banner)">
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
          {allergies.length === 0 && <Text size="sm">{t('noAllergiesInThisFile')}</Text>}
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
              {t('allergicTo', { name: nameOf(allergy.code) })}
            </Badge>
          ))}
        </Group>
      </Stack>
    </Paper>
  );
}

const GENDERS = ['male', 'female', 'other', 'unknown'] as const;

/** FHIR's four codes (AdministrativeGender); a file may hold anything. */
function genderOf(written: string): (typeof GENDERS)[number] {
  return GENDERS.find((gender) => gender === written) ?? 'unknown';
}
