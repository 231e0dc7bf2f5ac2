'use client';

import type { Claim, ExplanationOfBenefit, Money } from '@medplum/fhirtypes';
import { useTranslations } from 'next-intl';
import { useWords, type Words } from '../../ui/index.ts';
import type { Chart } from './chart.ts';
import { Row, Section } from './section.tsx';
import { type FhirWords, useFhirWords } from './use-fhir-words.ts';
import { dateOf, statusOf } from './words.ts';

/** What is planned, pictured and billed. */
export function MoreSections({ chart }: { readonly chart: Chart }) {
  const words = useWords();
  const { nameOf, dayInWords } = useFhirWords();
  const t = useTranslations('fhir');
  return (
    <>
      <Section title={t('carePlans')} items={chart.carePlans}>
        {(plan) => (
          <Row
            title={plan.title ?? nameOf(plan.category?.[0])}
            detail={joined(
              t('since', { day: dayInWords(dateOf(plan)) }),
              plan.period?.end && t('until', { day: dayInWords(plan.period.end) }),
              plan.activity?.flatMap(({ detail }) => (detail?.code ? [nameOf(detail.code)] : [])).join(', '),
            )}
          />
        )}
      </Section>
      <Section title={t('goals')} items={chart.goals}>
        {(goal) => (
          <Row
            title={nameOf(goal.description)}
            detail={statusOf(goal.achievementStatus) ?? goal.lifecycleStatus}
          />
        )}
      </Section>
      <Section title={t('imaging')} items={chart.imaging}>
        {(study) => (
          <Row
            title={joined(
              study.description ?? study.series?.[0]?.modality?.display ?? t('images'),
              study.series?.[0]?.bodySite?.display,
            )}
            detail={joined(
              dayInWords(dateOf(study)),
              study.numberOfInstances !== undefined &&
                t('imagesKeptWhereTheyWere', { count: study.numberOfInstances }),
            )}
          />
        )}
      </Section>
      <Section title={t('bills')} items={chart.bills}>
        {(bill) => (
          <Row
            title={billedFor(nameOf, bill)}
            detail={joined(
              dayInWords(dateOf(bill)),
              bill.resourceType === 'Claim' ? t('claimed') : t('whatTheInsurerDecided'),
              amountOf(words, bill),
            )}
          />
        )}
      </Section>
    </>
  );
}

function billedFor(nameOf: FhirWords['nameOf'], bill: Claim | ExplanationOfBenefit): string {
  const item = bill.item?.map(({ productOrService }) => nameOf(productOrService))[0];
  return item ?? nameOf(bill.type);
}

function amountOf(words: Words, bill: Claim | ExplanationOfBenefit): string | undefined {
  const total = Array.isArray(bill.total) ? bill.total[0]?.amount : bill.total;
  return money(words, total);
}

function money(words: Words, amount: Money | undefined): string | undefined {
  if (typeof amount?.value !== 'number') return undefined;
  return `${words.number(amount.value, 2)} ${amount.currency ?? ''}`.trim();
}

function joined(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' · ');
}
