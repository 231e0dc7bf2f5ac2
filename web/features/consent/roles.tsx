'use client';

import { ROLES, type Role } from '@chartkey/sdk';
import { Select } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useConsentWords } from './words.ts';

const CHOICES = ROLES.filter((role) => role !== 'None');

export function RolePicker({
  value,
  onChange,
}: {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}) {
  const t = useTranslations('consent');
  const { roleName } = useConsentWords();
  return (
    <Select
      label={t('youAreA')}
      data={CHOICES.map((choice) => ({ value: choice, label: roleName(choice) }))}
      value={value}
      allowDeselect={false}
      onChange={(role) => onChange((role as Role | null) ?? 'Clinician')}
      maw={320}
    />
  );
}
