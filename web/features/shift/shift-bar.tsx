'use client';

import { Alert, Anchor, Button, Group, Paper, Text } from '@mantine/core';
import { IconClockHour4, IconClockOff } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useWords } from '../../ui/index.ts';
import { useSender } from '../session/index.ts';
import type { ShiftEnd } from '../vault/index.ts';
import type { ShiftState } from './use-shift.ts';

/** Always in sight while a shift stands, and afterwards why it stands no more. */
export function ShiftBar({ shift }: { readonly shift: ShiftState }) {
  const t = useTranslations('shift');
  const words = useWords();
  const { sender } = useSender();
  const [dismissed, setDismissed] = useState<ShiftEnd>();
  const { here, ended } = shift;
  if (here) {
    return (
      <Paper className="ck-shift ck-no-print" px="md" py={6} mb="md" role="status" aria-label={t('shift')}>
        <Group justify="space-between" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <IconClockHour4 size={18} aria-hidden style={{ flexShrink: 0 }} />
            <Text size="sm" fw={600}>
              {t(sender === 'self' ? 'untilNotUsed' : 'until', { time: words.clock(here.expiresAt) })}
            </Text>
          </Group>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              setDismissed(undefined);
              shift.endHere();
            }}
          >
            {t('endShift')}
          </Button>
        </Group>
      </Paper>
    );
  }
  if (ended === undefined || ended === dismissed) return null;
  return (
    <Alert
      className="ck-no-print"
      color={ended === 'here' ? 'gray' : 'orange'}
      variant="light"
      mb="md"
      icon={<IconClockOff aria-hidden />}
      title={t(`ended.${ended}.title`)}
      role="status"
      withCloseButton
      onClose={() => setDismissed(ended)}
    >
      <Text size="sm">
        {t(`ended.${ended}.text`)}{' '}
        {shift.onChain && (
          <>
            {t('theChainListsItUntil', { time: words.clock(shift.onChain.expiresAt) })}{' '}
            <Anchor component={Link} href="/clinician/shift" size="sm" underline="always">
              {t('endItEverywhere')}
            </Anchor>
          </>
        )}
      </Text>
    </Alert>
  );
}
