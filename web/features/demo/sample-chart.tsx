'use client';

import { useMemo } from 'react';
import { sampleBundle } from '../../samples/index.ts';
import { ChartView } from '../fhir/index.ts';

export function SampleChart() {
  const bundle = useMemo(() => sampleBundle(7), []);
  return <ChartView resource={bundle} />;
}
