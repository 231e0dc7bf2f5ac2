'use client';

import {
  Badge,
  Button,
  Card,
  Group,
  ScrollArea,
  SimpleGrid,
  Table,
  Text,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { useTranslations } from 'next-intl';
import { Fragment, useId, useState } from 'react';
import type { Series } from './chart.ts';
import { Guard } from './guard.tsx';
import { Row, Section } from './section.tsx';
import { SeriesChart } from './series-chart.tsx';
import { Trend } from './trend.tsx';
import { useFhirWords } from './use-fhir-words.ts';
import { dateOf, flagOf } from './words.ts';

const FIRST = 12;

export function Labs({ series }: { readonly series: readonly Series[] }) {
  const { dayInWords, rangeOf } = useFhirWords();
  const t = useTranslations('fhir');
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<string>();
  const id = useId();
  if (series.length === 0) return null;
  const toggle = (key: string) => setOpen(open === key ? undefined : key);
  return (
    <Card withBorder padding="md" radius="md" component="section" aria-labelledby={id}>
      <Title order={3} size="h4" id={id} mb="xs">
        {t('labResults')}
      </Title>
      <ScrollArea type="auto" tabIndex={0} viewportProps={{ 'aria-labelledby': id }}>
        <Table verticalSpacing="xs" miw={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('test')}</Table.Th>
              <Table.Th>{t('latest')}</Table.Th>
              <Table.Th>{t('normalRange')}</Table.Th>
              <Table.Th>{t('trend')}</Table.Th>
              <Table.Th>{t('taken')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(all ? series : series.slice(0, FIRST)).map((one) => (
              <Fragment key={one.key}>
                <Table.Tr>
                  <Table.Td>
                    <Opener series={one} open={open === one.key} onToggle={toggle} />
                  </Table.Td>
                  <Table.Td>
                    <Guard>
                      <Value series={one} />
                    </Guard>
                  </Table.Td>
                  <Table.Td>{rangeOf(one.latest) ?? t('notGiven')}</Table.Td>
                  <Table.Td>
                    <Trend series={one} />
                  </Table.Td>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>{dayInWords(dateOf(one.latest))}</Table.Td>
                </Table.Tr>
                {open === one.key && (
                  <Table.Tr>
                    <Table.Td colSpan={5}>
                      <Guard>
                        <SeriesChart series={one} />
                      </Guard>
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      {!all && series.length > FIRST && (
        <Button variant="subtle" mt="xs" onClick={() => setAll(true)}>
          {t('showMore', { count: series.length - FIRST })}
        </Button>
      )}
    </Card>
  );
}

type OpenerProps = {
  readonly series: Series;
  readonly open: boolean;
  readonly onToggle: (key: string) => void;
};

/** A name that opens all values; one value alone has nothing more to show. */
function Opener({ series, open, onToggle }: OpenerProps) {
  if (series.all.length < 2) return series.name;
  return (
    <UnstyledButton
      onClick={() => onToggle(series.key)}
      aria-expanded={open}
      fz="sm"
      td="underline"
      style={{ textUnderlineOffset: 3 }}
    >
      {series.name}
    </UnstyledButton>
  );
}

function Value({ series }: { readonly series: Series }) {
  const { readingOf } = useFhirWords();
  const t = useTranslations('fhir');
  const flag = flagOf(series.latest);
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="sm" fw={600} style={{ whiteSpace: 'nowrap' }}>
        {readingOf(series.latest)}
      </Text>
      {(flag === 'high' || flag === 'low') && (
        <Badge color="red" variant="light" tt="none">
          {flag === 'high' ? t('high') : t('low')}
        </Badge>
      )}
    </Group>
  );
}

export function Vitals({ series }: { readonly series: readonly Series[] }) {
  const { dayInWords, readingOf } = useFhirWords();
  const t = useTranslations('fhir');
  const [open, setOpen] = useState<string>();
  const id = useId();
  if (series.length === 0) return null;
  const toggle = (key: string) => setOpen(open === key ? undefined : key);
  const opened = series.find(({ key }) => key === open);
  return (
    <Card withBorder padding="md" radius="md" component="section" aria-labelledby={id}>
      <Title order={3} size="h4" id={id} mb="sm">
        {t('vitalSigns')}
      </Title>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="md" verticalSpacing="md">
        {series.map((one) => (
          <div key={one.key}>
            <Text component="div" size="sm" c="dimmed">
              <Opener series={one} open={open === one.key} onToggle={toggle} />
            </Text>
            <Guard>
              <Group gap="sm" align="center">
                <Text fw={600} size="lg">
                  {readingOf(one.latest)}
                </Text>
                <Trend series={one} />
              </Group>
            </Guard>
            <Text size="xs" c="dimmed">
              {dayInWords(dateOf(one.latest))}
              {one.all.length > 1 && ` · ${t('measurements', { count: one.all.length })}`}
            </Text>
          </div>
        ))}
      </SimpleGrid>
      {opened && (
        <Guard key={opened.key}>
          <SeriesChart series={opened} />
        </Guard>
      )}
    </Card>
  );
}

export function Findings({ series }: { readonly series: readonly Series[] }) {
  const { dayInWords, readingOf } = useFhirWords();
  const t = useTranslations('fhir');
  return (
    <Section title={t('otherFindings')} items={series}>
      {(one) => (
        <Row title={one.name} detail={`${readingOf(one.latest)} · ${dayInWords(dateOf(one.latest))}`} />
      )}
    </Section>
  );
}
