'use client';

import { ROLES, type Role } from '@chartkey/sdk';
import { Select } from '@mantine/core';

const NAMES: Record<Role, string> = {
  None: 'Not registered',
  Clinician: 'Clinician',
  Lab: 'Laboratory',
  Pharmacy: 'Pharmacy',
  Hospital: 'Hospital',
  Insurer: 'Insurer',
  PublicHealth: 'Public health',
  Researcher: 'Researcher',
};

export function roleName(role: Role): string {
  return NAMES[role];
}

const CHOICES = ROLES.filter((role) => role !== 'None').map((role) => ({ value: role, label: NAMES[role] }));

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
