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
import { Fragment, useId, useState } from 'react';
import type { Series } from './chart.ts';
import { Guard } from './guard.tsx';
import { Row, Section } from './section.tsx';
import { SeriesChart } from './series-chart.tsx';
import { Trend } from './trend.tsx';
import { dateOf, dayInWords, flagOf, rangeOf, readingOf } from './words.ts';

const FIRST = 12;

export function Labs({ series }: { readonly series: readonly Series[] }) {
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<string>();
  const id = useId();
  if (series.length === 0) return null;
  const toggle = (key: string) => setOpen(open === key ? undefined : key);
  return (
    <Card withBorder padding="md" radius="md" component="section" aria-labelledby={id}>
      <Title order={3} size="h4" id={id} mb="xs">
        Lab results
      </Title>
      <ScrollArea type="auto" tabIndex={0} viewportProps={{ 'aria-labelledby': id }}>
        <Table verticalSpacing="xs" miw={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Test</Table.Th>
              <Table.Th>Latest</Table.Th>
              <Table.Th>Normal range</Table.Th>
              <Table.Th>Trend</Table.Th>
              <Table.Th>Taken</Table.Th>
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
                  <Table.Td>{rangeOf(one.latest) ?? 'Not given'}</Table.Td>
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
          Show {series.length - FIRST} more
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
  const flag = flagOf(series.latest);
  return (
    <Group gap={6} wrap="nowrap">
      <Text size="sm" fw={600} style={{ whiteSpace: 'nowrap' }}>
        {readingOf(series.latest)}
      </Text>
      {(flag === 'high' || flag === 'low') && (
        <Badge color="red" variant="light" tt="none">
          {flag === 'high' ? 'High' : 'Low'}
        </Badge>
      )}
    </Group>
  );
}

export function Vitals({ series }: { readonly series: readonly Series[] }) {
  const [open, setOpen] = useState<string>();
  const id = useId();
  if (series.length === 0) return null;
  const toggle = (key: string) => setOpen(open === key ? undefined : key);
  const opened = series.find(({ key }) => key === open);
  return (
    <Card withBorder padding="md" radius="md" component="section" aria-labelledby={id}>
      <Title order={3} size="h4" id={id} mb="sm">
        Vital signs
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
              {one.all.length > 1 && ` · ${one.all.length} measurements`}
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
  return (
    <Section title="Other findings" items={series}>
      {(one) => (
        <Row title={one.name} detail={`${readingOf(one.latest)} · ${dayInWords(dateOf(one.latest))}`} />
      )}
    </Section>
  );
}
