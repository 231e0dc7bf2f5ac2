'use client';

import { Alert, Anchor, Button, Group, Paper, Text } from '@mantine/core';
import { IconClockHour4, IconClockOff } from '@tabler/icons-react';
import Link from 'next/link';
import { useState } from 'react';
import { clockInWords } from '../../ui/index.ts';
import { useSender } from '../session/index.ts';
import type { ShiftEnd } from '../vault/index.ts';
import type { ShiftState } from './use-shift.ts';

/** Always in sight while a shift stands, and afterwards why it stands no more. */
export function ShiftBar({ shift }: { readonly shift: ShiftState }) {
  const { sender } = useSender();
  const [dismissed, setDismissed] = useState<ShiftEnd>();
  const { here, ended } = shift;
  if (here) {
    return (
      <Paper className="ck-shift ck-no-print" px="md" py={6} mb="md" role="status" aria-label="Shift">
        <Group justify="space-between" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <IconClockHour4 size={18} aria-hidden style={{ flexShrink: 0 }} />
            <Text size="sm" fw={600}>
              Shift until {clockInWords(here.expiresAt)}
              {sender === 'self' && ' (not used: you send by yourself)'}
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
            End shift
          </Button>
        </Group>
      </Paper>
    );
  }
  if (ended === undefined || ended === dismissed) return null;
  const { title, text } = WORDS[ended];
  return (
    <Alert
      className="ck-no-print"
      color={ended === 'here' ? 'gray' : 'orange'}
      variant="light"
      mb="md"
      icon={<IconClockOff aria-hidden />}
      title={title}
      role="status"
      withCloseButton
      onClose={() => setDismissed(ended)}
    >
      <Text size="sm">
        {text}{' '}
        {shift.onChain && (
          <>
            The chain lists it until {clockInWords(shift.onChain.expiresAt)}.{' '}
            <Anchor component={Link} href="/clinician/shift" size="sm" underline="always">
              End it everywhere
            </Anchor>
          </>
        )}
      </Text>
    </Alert>
  );
}

const WORDS: Readonly<Record<ShiftEnd, { readonly title: string; readonly text: string }>> = {
  here: {
    title: 'Your shift has ended',
    text: 'Its key is gone from this browser. From now on each opening asks your wallet.',
  },
  elsewhere: {
    title: 'Your shift was ended',
    text: 'It was ended everywhere, or another one was started on another device. From now on each opening asks your wallet.',
  },
  locked: {
    title: 'Your shift was locked',
    text: 'Nobody was here for a while, the account changed, or this was locked by hand. Start a shift again, or sign each opening.',
  },
  expired: {
    title: 'Your shift is over',
    text: 'Its time has passed. Start another one, or sign each opening.',
  },
  suspended: {
    title: 'Your shift was ended',
    text: 'A manager suspended this account. It can open nothing until a manager reinstates it.',
  },
};
