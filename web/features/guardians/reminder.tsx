'use client';

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconUsersGroup } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { Address } from 'viem';
import { useGuardians } from './use-guardians.ts';

/** On the patient's home, while nobody could help them back in; until they say that they don't want it. */
export function GuardianReminder({ patient }: { readonly patient: Address }) {
  const t = useTranslations('guardians');
  const [dismissed, setDismissed] = useLocalStorage({
    key: `chartkey.no-guardians.${patient.toLowerCase()}`,
    defaultValue: false,
  });
  const { data } = useGuardians(dismissed ? undefined : patient);
  if (dismissed || data === undefined || data.guardians.length > 0) return null;
  return (
    <Alert
      color="teal"
      variant="light"
      icon={<IconUsersGroup aria-hidden />}
      title={t('nobodyCouldHelpYouBackIn')}
      role="note"
    >
      <Stack gap="sm">
        <Text size="sm">{t('ifYouLoseYourWallet')}</Text>
        <Group gap="xs">
          <Button component={Link} href="/patient/guardians" size="xs">
            {t('nameGuardians')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setDismissed(true)}>
            {t('dontRemindMe')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
