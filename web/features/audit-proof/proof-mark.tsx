'use client';

import type { LogEntry } from '@chartkey/sdk';
import { Badge } from '@mantine/core';
import { IconCheck, IconQuestionMark, IconX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type Period, type ProofStatus, periodStatus, rowStatus } from './status.ts';
import type { ProvenLog } from './use-proven-log.ts';

const MARKS = {
  proven: { color: 'teal', Icon: IconCheck },
  wrong: { color: 'red', Icon: IconX },
  unproven: { color: 'red', Icon: IconQuestionMark },
} as const;

/** Never by colour alone. */
export function ProofMark({ status, about }: { readonly status: ProofStatus; readonly about: string }) {
  const t = useTranslations('auditProof');
  const { color, Icon } = MARKS[status];
  const word = t(`marks.${status}`);
  return (
    <Badge
      variant="light"
      color={color}
      tt="none"
      leftSection={<Icon size={12} aria-hidden />}
      aria-label={`${word}: ${about}`}
      data-proof={status}
      style={{ flexShrink: 0 }}
    >
      {word}
    </Badge>
  );
}

/** Of one entry. */
export function RowProof({ log, entry }: { readonly log: ProvenLog; readonly entry: LogEntry }) {
  const t = useTranslations('auditProof');
  return <ProofMark status={rowStatus(log, entry)} about={t('entry', { number: entry.sequence })} />;
}

/** Of all that happened in a period, and that nothing else did. */
export function PeriodProof({
  log,
  period,
  about,
}: {
  readonly log: ProvenLog;
  readonly period: Period;
  readonly about: string;
}) {
  return <ProofMark status={periodStatus(log, period)} about={about} />;
}
