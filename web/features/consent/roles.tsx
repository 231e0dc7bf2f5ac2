'use client';

import { describeRole, ROLES, type Role } from '@chartkey/sdk';
import { Select } from '@mantine/core';

const CHOICES = ROLES.filter((role) => role !== 'None').map((role) => ({
  value: role,
  label: describeRole(role),
}));

export function RolePicker({
  value,
  onChange,
}: {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}) {
  return (
    <Select
      label="You are a"
      data={CHOICES}
      value={value}
      allowDeselect={false}
      onChange={(role) => onChange((role as Role | null) ?? 'Clinician')}
      maw={320}
    />
  );
}
