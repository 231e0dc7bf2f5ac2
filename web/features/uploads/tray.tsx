'use client';

import { ActionIcon, Anchor, Button, Group, Indicator, Popover, Stack, Text } from '@mantine/core';
import { IconCloudUpload } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SigningStatus, useSession } from '../session/index.ts';
import { StorageSignInStatus } from '../vault/index.ts';
import { UploadBar } from './upload-bar.tsx';
import { type Upload, useUploads } from './uploads.tsx';
import { wordsFor } from './words.ts';

/** What is on its way, on every page; nothing while nothing is. */
export function UploadsTray() {
  const t = useTranslations('addRecords');
  const uploads = useUploads();
  const [open, setOpen] = useState(false);
  const count = uploads.reduce((sum, { queue }) => sum + queue.items.filter(isOpen).length, 0);
  if (count === 0) return null;
  return (
    <Indicator
      label={count}
      size={18}
      color="teal.9"
      offset={4}
      processing={uploads.some(({ queue }) => queue.busy)}
    >
      <Popover opened={open} onChange={setOpen} position="bottom-end" width={340} withinPortal trapFocus>
        <Popover.Target>
          <ActionIcon aria-label={t('underWay', { count })} onClick={() => setOpen(!open)}>
            <IconCloudUpload size={18} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown p="md">
          <Stack gap="md" data-autofocus tabIndex={-1}>
            {uploads.map((upload) => (
              <OneUpload key={upload.target.patient} upload={upload} onLeave={() => setOpen(false)} />
            ))}
          </Stack>
        </Popover.Dropdown>
      </Popover>
    </Indicator>
  );
}

type OneUploadProps = { readonly upload: Upload; readonly onLeave: () => void };

const SHOWN = 5;

function OneUpload({ upload: { target, queue }, onLeave }: OneUploadProps) {
  const t = useTranslations('addRecords');
  const open = queue.items.filter(isOpen);
  const own = useSession().patient === target.patient;
  return (
    <Stack gap="xs">
      {open.slice(0, SHOWN).map((item) => (
        <Stack key={item.id} gap={2}>
          <Text size="sm" fw={500} truncate>
            {item.split ? item.file.name : item.title}
          </Text>
          <Text size="xs" c="dimmed">
            {wordsFor(t, item)}
          </Text>
          <UploadBar item={item} />
        </Stack>
      ))}
      {open.length > SHOWN && (
        <Text size="sm" c="dimmed">
          {t('andMoreFiles', { count: open.length - SHOWN })}
        </Text>
      )}
      <StorageSignInStatus signIn={queue.signIn} />
      {queue.busy && <SigningStatus signing={queue.signing} />}
      <Group justify="space-between">
        <Anchor
          component={Link}
          size="sm"
          href={own ? '/patient/records' : `/clinician/chart/${target.patient}?do=add`}
          onClick={onLeave}
        >
          {t('goThere')}
        </Anchor>
        {queue.busy && (
          <Button size="xs" variant="default" onClick={queue.cancel}>
            {t('cancel')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function isOpen({ state }: Upload['queue']['items'][number]): boolean {
  return state.step !== 'done';
}
