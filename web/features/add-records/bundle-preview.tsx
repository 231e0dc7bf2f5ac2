'use client';

import type { BundlePart } from '@chartkey/sdk';
import { Button, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { useWords } from '../../ui/index.ts';
import type { Folders } from '../folders/index.ts';

type BundlePreviewProps = {
  readonly parts: readonly BundlePart[];
  readonly folders: Folders | undefined;
};

/** More is scrolled through by nobody; the counts above tell the rest. */
const SHOWN = 300;

/** The records that a file becomes, newest first, before anything is added. */
export function BundlePreview({ parts, folders }: BundlePreviewProps) {
  const t = useTranslations('addRecords');
  const words = useWords();
  const tType = useTranslations('content');
  const [open, setOpen] = useState(false);
  const id = useId();
  const shown = parts.toReversed().slice(0, SHOWN);
  return (
    <div>
      <Button size="compact-sm" variant="subtle" aria-expanded={open} onClick={() => setOpen(!open)} id={id}>
        {open ? t('hideThem') : t('seeThem')}
      </Button>
      {open && (
        <ScrollArea.Autosize
          mah={320}
          type="auto"
          viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('recordsInThisFile') }}
        >
          <Stack gap={6} py="xs" pr="md">
            {shown.map(({ title, type, day, resources, suggestion, contents }) => (
              <Group
                key={`${type.kind} ${day} ${contents.entry.at(-1)?.fullUrl}`}
                justify="space-between"
                gap={4}
              >
                <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
                  {title}
                </Text>
                <Text size="sm" c="dimmed">
                  {[
                    day && words.day(day),
                    tType(`types.${type.kind}`),
                    resources > 1 && t('entries', { count: resources }),
                    folders?.nameOf(folders.numberFor(suggestion)),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </Text>
              </Group>
            ))}
            {parts.length > SHOWN && (
              <Text size="sm" c="dimmed">
                {t('andOlderOnes', { count: parts.length - SHOWN })}
              </Text>
            )}
          </Stack>
        </ScrollArea.Autosize>
      )}
    </div>
  );
}
