'use client';

import type { LogEntry } from '@chartkey/sdk';
import { Badge } from '@mantine/core';
import { IconCheck, IconQuestionMark, IconX } from '@tabler/icons-react';
import { type Period, type ProofStatus, periodStatus, rowStatus } from './status.ts';
import type { ProvenLog } from './use-proven-log.ts';

const MARKS = {
  proven: { color: 'teal', Icon: IconCheck, word: 'Proven' },
  wrong: { color: 'red', Icon: IconX, word: 'Wrong' },
  unproven: { color: 'red', Icon: IconQuestionMark, word: 'Not proven' },
} as const;

/** Never by colour alone. */
function ProofMark({ status, about }: { readonly status: ProofStatus; readonly about: string }) {
  const { color, Icon, word } = MARKS[status];
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
  return <ProofMark status={rowStatus(log, entry)} about={`entry ${entry.sequence}`} />;
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
