'use client';

import { Button, Group, NativeSelect, Paper, Text } from '@mantine/core';
import { IconUserShield } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { Address } from 'viem';
import { shortAddress } from '../../ui/index.ts';
import { useActing } from './acting-provider.tsx';

/** Stays in sight on every page while somebody acts in another's name. */
export function ActingBar() {
  const t = useTranslations('representatives');
  const { patient, stands, actFor } = useActing();
  if (patient === undefined) return null;
  const ended = stands === false;
  return (
    <Paper
      component="aside"
      aria-label={t('inWhoseName')}
      bg={ended ? 'var(--mantine-color-red-light)' : 'var(--ck-banner)'}
      px="sm"
      py={6}
      mb="md"
      mx="auto"
      maw={960}
      pos="sticky"
      top={68}
      style={{ zIndex: 3 }}
    >
      <Group gap="xs" justify="space-between">
        <Group gap="xs" wrap="nowrap" style={{ flex: '1 1 200px' }}>
          <IconUserShield size={18} aria-hidden style={{ flexShrink: 0 }} />
          <Text size="sm" fw={600} role="status">
            {t(ended ? 'youActNoMoreFor' : 'youActFor', { patient: shortAddress(patient) })}
          </Text>
        </Group>
        <Button size="compact-sm" mih={28} variant="default" onClick={() => actFor(undefined)}>
          {t('actForMyself')}
        </Button>
      </Group>
    </Paper>
  );
}

const MYSELF = 'myself';

/** In the menu, for whoever may act for somebody: for whom this page acts. */
export function ActingSwitch() {
  const t = useTranslations('representatives');
  const { patient, standing, actFor } = useActing();
  if (standing.length === 0 && patient === undefined) return null;
  const others = new Set([...standing.map((one) => one.patient), ...(patient ? [patient] : [])]);
  return (
    <NativeSelect
      label={t('youActForSwitch')}
      size="sm"
      px="sm"
      pb="xs"
      value={patient ?? MYSELF}
      onChange={({ currentTarget: { value } }) => actFor(value === MYSELF ? undefined : (value as Address))}
      data={[
        { value: MYSELF, label: t('myself') },
        ...[...others].map((one) => ({
          value: one,
          label: shortAddress(one),
        })),
      ]}
    />
  );
}
