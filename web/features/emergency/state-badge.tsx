'use client';

import type { Emergency } from '@chartkey/sdk';
import { Badge } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type Phase, phaseOf } from './phases.ts';

const COLORS: Readonly<Record<Phase, string>> = {
  waiting: 'orange',
  standing: 'red',
  lapsed: 'gray',
  withdrawn: 'gray',
  ended: 'orange',
  overdue: 'red',
  Justified: 'teal',
  Contested: 'orange',
  Unjustified: 'red',
};

export function StateBadge({ emergency }: { readonly emergency: Emergency }) {
  const t = useTranslations('emergency');
  const phase = phaseOf(emergency);
  return (
    <Badge variant="light" tt="none" color={COLORS[phase]} style={{ flexShrink: 0 }} data-phase={phase}>
      {t(`phases.${phase}`)}
    </Badge>
  );
}
