'use client';

import { Button, Code, Collapse, Group, Stack, Text } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';

export type Detail = { readonly name: string; readonly value: string };

/** Hashes, blocks and the like: there for those who ask, out of sight for everybody else. */
export function TechnicalDetails({ details }: { readonly details: readonly Detail[] }) {
  const t = useTranslations('ui');
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        c="dimmed"
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        aria-controls={id}
        rightSection={
          <IconChevronDown size={14} aria-hidden style={{ transform: open ? 'rotate(180deg)' : 'none' }} />
        }
      >
        {t('technicalDetails')}
      </Button>
      <Collapse expanded={open} id={id}>
        <Stack gap={6} mt="xs" p="sm" bg="var(--ck-soft)" style={{ borderRadius: 8 }}>
          {details.map(({ name, value }) => (
            <Group key={name} gap="xs" align="baseline">
              <Text size="sm" c="dimmed" w={150}>
                {name}
              </Text>
              <Code style={{ overflowWrap: 'anywhere', background: 'none' }}>{value}</Code>
            </Group>
          ))}
        </Stack>
      </Collapse>
    </div>
  );
}
