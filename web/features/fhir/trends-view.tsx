'use client';

import { Text } from '@mantine/core';
import type { Resource } from '@medplum/fhirtypes';
import { useMemo } from 'react';
import { readChart } from './chart.ts';
import { Labs, Vitals } from './measurements.tsx';

type TrendsViewProps = { readonly resource: Resource; readonly waiting: boolean };

/** Only what is measured again and again. */
export function TrendsView({ resource, waiting }: TrendsViewProps) {
  const chart = useMemo(() => readChart(resource), [resource]);
  if (chart.labs.length + chart.vitals.length === 0) {
    return waiting ? null : <Text c="dimmed">No lab results or vital signs in these records.</Text>;
  }
  return (
    <>
      <Labs series={chart.labs} />
      <Vitals series={chart.vitals} />
    </>
  );
}
