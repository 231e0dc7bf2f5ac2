'use client';

import { Group, Paper, Text } from '@mantine/core';
import { IconEyeOff, IconShieldOff } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Address } from 'viem';
import { EmptyState, Page } from '../../ui/index.ts';
import { RequireWallet, type Session } from '../session/index.ts';

type ForManagersProps = {
  readonly title: string;
  readonly children: (session: Session & { readonly address: Address }) => ReactNode;
};

/** A page for managers of some area, who are told on each that they can open nothing. */
export function ForManagers({ title, children }: ForManagersProps) {
  const t = useTranslations('manager');
  return (
    <RequireWallet title={title}>
      {(session) =>
        session.managedAreas.length === 0 ? (
          <Page title={title}>
            <EmptyState
              icon={<IconShieldOff />}
              title={t('youManageNoArea')}
              text={t('managersAreAppointedByGovernance')}
            />
          </Page>
        ) : (
          <>
            <CannotOpen />
            {children(session)}
          </>
        )
      }
    </RequireWallet>
  );
}

/** Stays in sight while the page scrolls. */
function CannotOpen() {
  const t = useTranslations('manager');
  return (
    <Paper
      component="aside"
      aria-label={t('whatManagersCantDo')}
      bg="var(--ck-banner)"
      px="sm"
      py={6}
      mb="md"
      mx="auto"
      maw={960}
      pos="sticky"
      top={68}
      style={{ zIndex: 2 }}
    >
      <Group gap="xs" wrap="nowrap">
        <IconEyeOff size={18} aria-hidden style={{ flexShrink: 0 }} />
        <Text size="sm" fw={600}>
          {t('youCannotOpenAnyPatients')}
        </Text>
      </Group>
    </Paper>
  );
}
