'use client';

import { useTranslations } from 'next-intl';
import type { Series } from './chart.ts';

const WIDTH = 72;
const HEIGHT = 22;
const POINTS = 24;

/** The latest values as a small line, oldest left. Says in words what it shows. */
export function Trend({ series }: { readonly series: Series }) {
  const t = useTranslations('fhir');
  const values = series.all
    .slice(0, POINTS)
    .map((o) => o.valueQuantity?.value)
    .filter((v): v is number => typeof v === 'number')
    .reverse();
  const first = values[0];
  const last = values.at(-1);
  if (values.length < 2 || first === undefined || last === undefined) return null;
  const low = Math.min(...values);
  const high = Math.max(...values);
  const x = (at: number) => 2 + (at / (values.length - 1)) * (WIDTH - 6);
  const y = (v: number) => (high === low ? HEIGHT / 2 : 2 + (1 - (v - low) / (high - low)) * (HEIGHT - 4));
  const direction = last > first ? 'rising' : last < first ? 'falling' : 'steady';
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={t('values', { count: values.length, direction })}
    >
      <polyline
        points={values.map((v, at) => `${x(at)},${y(v)}`).join(' ')}
        fill="none"
        stroke="var(--mantine-color-anchor)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <circle cx={x(values.length - 1)} cy={y(last)} r="2.5" fill="var(--mantine-color-anchor)" />
    </svg>
  );
}
