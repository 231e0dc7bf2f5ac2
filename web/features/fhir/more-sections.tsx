'use client';

import type { Claim, ExplanationOfBenefit, Money } from '@medplum/fhirtypes';
import type { Chart } from './chart.ts';
import { Row, Section } from './section.tsx';
import { dateOf, dayInWords, nameOf, statusOf } from './words.ts';

/** What is planned, pictured and billed. */
export function MoreSections({ chart }: { readonly chart: Chart }) {
  return (
    <>
      <Section title="Care plans" items={chart.carePlans}>
        {(plan) => (
          <Row
            title={plan.title ?? nameOf(plan.category?.[0])}
            detail={joined(
              `Since ${dayInWords(dateOf(plan))}`,
              plan.period?.end && `until ${dayInWords(plan.period.end)}`,
              plan.activity?.flatMap(({ detail }) => (detail?.code ? [nameOf(detail.code)] : [])).join(', '),
            )}
          />
        )}
      </Section>
      <Section title="Goals" items={chart.goals}>
        {(goal) => (
          <Row
            title={nameOf(goal.description)}
            detail={statusOf(goal.achievementStatus) ?? goal.lifecycleStatus}
          />
        )}
      </Section>
      <Section title="Imaging" items={chart.imaging}>
        {(study) => (
          <Row
            title={joined(
              study.description ?? study.series?.[0]?.modality?.display ?? 'Images',
              study.series?.[0]?.bodySite?.display,
            )}
            detail={joined(
              dayInWords(dateOf(study)),
              study.numberOfInstances !== undefined &&
                `${study.numberOfInstances} images, kept where they were taken`,
            )}
          />
        )}
      </Section>
      <Section title="Bills" items={chart.bills}>
        {(bill) => (
          <Row
            title={billedFor(bill)}
            detail={joined(
              dayInWords(dateOf(bill)),
              bill.resourceType === 'Claim' ? 'claimed' : 'what the insurer decided',
              amountOf(bill),
            )}
          />
        )}
      </Section>
    </>
  );
}

function billedFor(bill: Claim | ExplanationOfBenefit): string {
  const item = bill.item?.map(({ productOrService }) => nameOf(productOrService))[0];
  return item ?? nameOf(bill.type);
}

function amountOf(bill: Claim | ExplanationOfBenefit): string | undefined {
  const total = Array.isArray(bill.total) ? bill.total[0]?.amount : bill.total;
  return money(total);
}

function money(amount: Money | undefined): string | undefined {
  if (typeof amount?.value !== 'number') return undefined;
  return `${amount.value.toLocaleString('en-GB', { maximumFractionDigits: 2 })} ${amount.currency ?? ''}`.trim();
}

function joined(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' · ');
}
