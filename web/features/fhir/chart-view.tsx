'use client';

import { Badge, Stack, Text } from '@mantine/core';
import type { Condition, Resource } from '@medplum/fhirtypes';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { Translate } from '../../i18n/messages.ts';
import { PatientBanner } from './banner.tsx';
import { readChart } from './chart.ts';
import { Findings, Labs, Vitals } from './measurements.tsx';
import { MoreSections } from './more-sections.tsx';
import { Raw } from './raw.tsx';
import { Row, Section } from './section.tsx';
import { type FhirWords, useFhirWords } from './use-fhir-words.ts';
import { dateOf, statusOf } from './words.ts';

/** A FHIR resource as a page that a person reads. */
export function ChartView({ resource }: { readonly resource: Resource }) {
  const { nameOf, dayInWords, medicationName, dosageOf } = useFhirWords();
  const t = useTranslations('fhir');
  const chart = useMemo(() => readChart(resource, t('notNamed')), [resource, t]);
  return (
    <Stack gap="lg">
      {chart.patient && <PatientBanner patient={chart.patient} allergies={chart.allergies} />}
      <Section title={t('problems')} items={chart.conditions}>
        {(c) => (
          <Row
            title={nameOf(c.code)}
            detail={sinceIn(t, dayInWords, c)}
            badge={<Status text={statusOf(c.clinicalStatus)} strong={['active', 'recurrence', 'relapse']} />}
          />
        )}
      </Section>
      <Section title={t('allergies')} items={chart.allergies}>
        {(a) => (
          <Row
            title={nameOf(a.code)}
            detail={[
              a.reaction?.flatMap((r) => r.manifestation?.map((one) => nameOf(one)) ?? []).join(', '),
              a.recordedDate && t('noted', { day: dayInWords(a.recordedDate) }),
            ]
              .filter(Boolean)
              .join(' · ')}
            badge={
              <Status
                text={a.criticality === 'high' ? 'severe' : statusOf(a.clinicalStatus)}
                strong={['severe']}
                danger
              />
            }
          />
        )}
      </Section>
      <Section title={t('medications')} items={chart.medications}>
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
      <Section title={t('reports')} items={chart.reports}>
        {(r) => (
          <Row
            title={nameOf(r.code)}
            detail={[dayInWords(dateOf(r)), r.conclusion, t('results', { count: r.result?.length ?? 0 })]
              .filter(Boolean)
              .join(' · ')}
            badge={<Status text={r.status} strong={[]} />}
          />
        )}
      </Section>
      <Section title={t('immunisations')} items={chart.immunizations}>
        {(i) => <Row title={nameOf(i.vaccineCode)} detail={dayInWords(dateOf(i))} />}
      </Section>
      <Section title={t('procedures')} items={chart.procedures}>
        {(p) => <Row title={nameOf(p.code)} detail={dayInWords(dateOf(p))} />}
      </Section>
      <Section title={t('visits')} items={chart.encounters}>
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
      <Section title={t('documents')} items={chart.documents}>
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
        {t('entries', { count: chart.total })}
      </Text>
    </Stack>
  );
}

function sinceIn(t: Translate<'fhir'>, dayInWords: FhirWords['dayInWords'], c: Condition): string {
  const day = dayInWords(c.onsetDateTime ?? dateOf(c));
  if (!c.abatementDateTime) return t('since', { day });
  return t('sinceUntil', { day, end: dayInWords(c.abatementDateTime) });
}

type StatusProps = {
  readonly text: string | undefined;
  readonly strong: readonly string[];
  readonly danger?: boolean;
};

function Status({ text, strong, danger = false }: StatusProps) {
  const { statusName } = useFhirWords();
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
      {statusName(text)}
    </Badge>
  );
}
