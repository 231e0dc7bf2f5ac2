'use client';

import { Avatar, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export function shortAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

const COLORS = ['teal', 'indigo', 'grape', 'cyan', 'pink', 'orange', 'lime', 'violet'] as const;

type PersonProps = {
  readonly address: string;
  /** What they are: `Clinician`, `You`. */
  readonly kind: string;
  readonly detail?: ReactNode;
};

/** Somebody the chain knows by address: always the same colour and letters, so they are recognised. */
export function Person({ address, kind, detail }: PersonProps) {
  const color = COLORS[Number.parseInt(address.slice(-2), 16) % COLORS.length] ?? 'teal';
  return (
    <Group gap="sm" wrap="nowrap">
      <Avatar
        color={color}
        radius="xl"
        aria-hidden
        variant="light"
        styles={{ placeholder: { color: 'var(--mantine-color-text)' } }}
      >
        {address.slice(-2).toUpperCase()}
      </Avatar>
      <div style={{ minWidth: 0 }}>
        <Text fw={600}>
          {kind}{' '}
          <Text span c="dimmed" fw={400} size="sm" title={address} style={{ whiteSpace: 'nowrap' }}>
            {shortAddress(address)}
          </Text>
        </Text>
        {detail && (
          <Text size="sm" c="dimmed" component="div">
            {detail}
          </Text>
        )}
      </div>
    </Group>
  );
}
