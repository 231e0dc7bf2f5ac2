'use client';

import { Box, Button, Group, ScrollArea, Stack, Table, Text } from '@mantine/core';
import type { Observation } from '@medplum/fhirtypes';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import type { Series } from './chart.ts';
import { useFhirWords } from './use-fhir-words.ts';
import { dateOf, flagOf } from './words.ts';

const WIDTH = 640;
const HEIGHT = 180;
const PAD = { left: 8, right: 8, top: 14, bottom: 22 };
/** As many values as a line of this width can show apart. */
const POINTS = 120;
const LISTED = 100;

type Point = { readonly at: number; readonly value: number; readonly observation: Observation };

/** All values of one measurement over time, with the reference range behind them, and as a table. */
export function SeriesChart({ series }: { readonly series: Series }) {
  const { dayInWords, readingOf, rangeOf } = useFhirWords();
  const t = useTranslations('fhir');
  const [shown, setShown] = useState(LISTED);
  const id = useId();
  const points = pointsOf(series);
  return (
    <Stack gap="sm">
      {points.length > 1 && <Line points={points} name={series.name} range={rangeIn(series.latest)} />}
      <ScrollArea.Autosize
        mah={260}
        type="auto"
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-labelledby': id }}
      >
        <Table verticalSpacing={4}>
          <Table.Caption id={id}>{t('allValuesOf', { name: series.name })}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('taken')}</Table.Th>
              <Table.Th>{t('value')}</Table.Th>
              <Table.Th>{t('normalRange')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {series.all.slice(0, shown).map((observation, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: entries of a file never move.
              <Table.Tr key={at}>
                <Table.Td>{dayInWords(dateOf(observation))}</Table.Td>
                <Table.Td>
                  {readingOf(observation)}
                  {flagWords(observation)}
                </Table.Td>
                <Table.Td>{rangeOf(observation) ?? t('notGiven')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {series.all.length > shown && (
        <Group>
          <Button size="compact-sm" variant="subtle" onClick={() => setShown(shown + LISTED)}>
            {t('showMore', { count: Math.min(LISTED, series.all.length - shown) })}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

type LineProps = {
  readonly points: readonly Point[];
  readonly name: string;
  readonly range: { readonly low: number | undefined; readonly high: number | undefined };
};

function Line({ points, name, range }: LineProps) {
  const { dayInWords } = useFhirWords();
  const t = useTranslations('fhir');
  const values = points.map(({ value }) => value);
  const bounds = [...values, range.low, range.high].filter((v) => v !== undefined);
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  const [from, to] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 1];
  const x = (at: number) =>
    PAD.left + (to === from ? 0.5 : (at - from) / (to - from)) * (WIDTH - PAD.left - PAD.right);
  const y = (v: number) =>
    PAD.top + (high === low ? 0.5 : 1 - (v - low) / (high - low)) * (HEIGHT - PAD.top - PAD.bottom);
  const hasRange = range.low !== undefined || range.high !== undefined;
  const top = y(range.high ?? high);
  const [first, last] = [points[0], points.at(-1)];
  return (
    <Box maw={WIDTH}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        width="100%"
        role="img"
        aria-label={t(hasRange ? 'chartWithRange' : 'chartOf', { name, count: points.length })}
      >
        {hasRange && (
          <rect
            x={PAD.left}
            width={WIDTH - PAD.left - PAD.right}
            y={top}
            height={Math.max(1, y(range.low ?? low) - top)}
            fill="var(--mantine-color-teal-light)"
          />
        )}
        <polyline
          points={points.map(({ at, value }) => `${x(at)},${y(value)}`).join(' ')}
          fill="none"
          stroke="var(--mantine-color-anchor)"
          strokeWidth="2"
          strokeLinejoin="round"
        />
        {points.map(({ at, value }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: points of a line never move.
          <circle key={index} cx={x(at)} cy={y(value)} r="3" fill="var(--mantine-color-anchor)" />
        ))}
        <text x={PAD.left} y={HEIGHT - 4} fontSize="12" fill="var(--mantine-color-dimmed)">
          {first && dayInWords(dateOf(first.observation))}
        </text>
        <text
          x={WIDTH - PAD.right}
          y={HEIGHT - 4}
          fontSize="12"
          textAnchor="end"
          fill="var(--mantine-color-dimmed)"
        >
          {last && dayInWords(dateOf(last.observation))}
        </text>
      </svg>
      {hasRange && (
        <Text size="xs" c="dimmed">
          {t('theBandIsTheNormal')}
        </Text>
      )}
    </Box>
  );
}

function pointsOf({ all }: Series): readonly Point[] {
  return all
    .slice(0, POINTS)
    .flatMap((observation) => {
      const at = Date.parse(dateOf(observation) ?? '');
      const value = observation.valueQuantity?.value;
      return Number.isFinite(at) && typeof value === 'number' ? [{ at, value, observation }] : [];
    })
    .reverse();
}

function rangeIn({ referenceRange }: Observation): LineProps['range'] {
  const range = referenceRange?.[0];
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  return { low: number(range?.low?.value), high: number(range?.high?.value) };
}

function flagWords(observation: Observation): string {
  const flag = flagOf(observation);
  return flag === 'high' || flag === 'low' ? ` (${flag})` : '';
}
