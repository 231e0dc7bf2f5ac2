'use client';

import { Text } from '@mantine/core';
import type { Resource } from '@medplum/fhirtypes';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { readChart } from './chart.ts';
import { Labs, Vitals } from './measurements.tsx';

type TrendsViewProps = { readonly resource: Resource; readonly waiting: boolean };

/** Only what is measured again and again. */
export function TrendsView({ resource, waiting }: TrendsViewProps) {
  const t = useTranslations('fhir');
  const chart = useMemo(() => readChart(resource, t('notNamed')), [resource, t]);
  if (chart.labs.length + chart.vitals.length === 0) {
    return waiting ? null : <Text c="dimmed">{t('noLabResultsOrVital')}</Text>;
  }
  return (
    <>
      <Labs series={chart.labs} />
      <Vitals series={chart.vitals} />
    </>
  );
}
