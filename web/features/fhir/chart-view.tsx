'use client';

import { Badge, Stack, Text } from '@mantine/core';
import type { Resource } from '@medplum/fhirtypes';
import { useMemo } from 'react';
import { PatientBanner } from './banner.tsx';
import { readChart } from './chart.ts';
import { Findings, Labs, Vitals } from './measurements.tsx';
import { MoreSections } from './more-sections.tsx';
import { Raw } from './raw.tsx';
import { Row, Section } from './section.tsx';
import { dateOf, dayInWords, dosageOf, medicationName, nameOf, statusOf } from './words.ts';

/** A FHIR resource as a page that a person reads. */
export function ChartView({ resource }: { readonly resource: Resource }) {
  const chart = useMemo(() => readChart(resource), [resource]);
  return (
    <Stack gap="lg">
      {chart.patient && <PatientBanner patient={chart.patient} allergies={chart.allergies} />}
      <Section title="Problems" items={chart.conditions}>
        {(c) => (
          <Row
            title={nameOf(c.code)}
            detail={`Since ${dayInWords(c.onsetDateTime ?? dateOf(c))}${c.abatementDateTime ? `, until ${dayInWords(c.abatementDateTime)}` : ''}`}
            badge={<Status text={statusOf(c.clinicalStatus)} strong={['active', 'recurrence', 'relapse']} />}
          />
        )}
      </Section>
      <Section title="Allergies" items={chart.allergies}>
        {(a) => (
          <Row
            title={nameOf(a.code)}
            detail={[
              a.reaction?.flatMap((r) => r.manifestation?.map(nameOf) ?? []).join(', '),
              a.recordedDate && `Noted ${dayInWords(a.recordedDate)}`,
            ]
              .filter(Boolean)
              .join(' · ')}
            badge={
              <Status
                text={a.criticality === 'high' ? 'Severe' : statusOf(a.clinicalStatus)}
                strong={['severe']}
                danger
              />
            }
          />
        )}
      </Section>
      <Section title="Medications" items={chart.medications}>
        {(m) => (
          <Row
            title={medicationName(m)}
            detail={[dosageOf(m), dayInWords(dateOf(m))].filter(Boolean).join(' · ')}
            badge={<Status text={m.status} strong={['active']} />}
          />
        )}
      </Section>
      <Labs series={chart.labs} />
      <Vitals series={chart.vitals} />
      <Section title="Reports" items={chart.reports}>
        {(r) => (
          <Row
            title={nameOf(r.code)}
            detail={[dayInWords(dateOf(r)), r.conclusion, `${r.result?.length ?? 0} results`]
              .filter(Boolean)
              .join(' · ')}
            badge={<Status text={r.status} strong={[]} />}
          />
        )}
      </Section>
      <Section title="Immunisations" items={chart.immunizations}>
        {(i) => <Row title={nameOf(i.vaccineCode)} detail={dayInWords(dateOf(i))} />}
      </Section>
      <Section title="Procedures" items={chart.procedures}>
        {(p) => <Row title={nameOf(p.code)} detail={dayInWords(dateOf(p))} />}
      </Section>
      <Section title="Visits" items={chart.encounters}>
        {(e) => (
          <Row
            title={nameOf(e.type?.[0])}
            detail={[
              dayInWords(dateOf(e)),
              e.reasonCode?.[0] && nameOf(e.reasonCode[0]),
              e.serviceProvider?.display,
            ]
              .filter(Boolean)
              .join(' · ')}
          />
        )}
      </Section>
      <Section title="Documents" items={chart.documents}>
        {(d) => (
          <Row
            title={d.description ?? nameOf(d.type)}
            detail={[dayInWords(dateOf(d)), d.content?.[0]?.attachment?.contentType]
              .filter(Boolean)
              .join(' · ')}
          />
        )}
      </Section>
      <Findings series={chart.findings} />
      <MoreSections chart={chart} />
      <Raw others={chart.others} />
      <Text size="sm" c="dimmed">
        {chart.total} {chart.total === 1 ? 'entry' : 'entries'} in this FHIR file.
      </Text>
    </Stack>
  );
}

type StatusProps = {
  readonly text: string | undefined;
  readonly strong: readonly string[];
  readonly danger?: boolean;
};

function Status({ text, strong, danger = false }: StatusProps) {
  if (!text) return null;
  const isStrong = strong.includes(text.toLowerCase());
  return (
    <Badge
      variant={isStrong ? 'light' : 'default'}
      color={danger && isStrong ? 'red' : 'teal'}
      tt="none"
      fw={500}
      style={{ flexShrink: 0 }}
    >
      {text.charAt(0).toUpperCase() + text.slice(1)}
    </Badge>
  );
}
