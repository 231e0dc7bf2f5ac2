'use client';

import { addRecord } from '@chartkey/sdk';
import { Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconFolderPlus } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Address } from 'viem';
import { SignButton } from '../session/index.ts';
import { useVault } from '../vault/index.ts';
import {
  encodeNames,
  type Folder,
  freeNumber,
  MAX_NAME_LENGTH,
  NAMES_COMPARTMENT,
  NAMES_MEDIA_TYPE,
  namesProblem,
} from './names.ts';
import type { Folders } from './use-folders.ts';

type FolderNamesProps = {
  readonly patient: Address;
  readonly author: Address;
  readonly folders: Folders;
  readonly onClose: () => void;
};

const MOST = 63;

/** The patient's names for their folders: sealed to their own key, in a record of their own. */
export function FolderNames({ patient, author, folders, onClose }: FolderNamesProps) {
  const t = useTranslations('folders');
  const vault = useVault();
  const [draft, setDraft] = useState(folders.list);
  const found = namesProblem(draft);
  const problem = found && t(found, { most: MAX_NAME_LENGTH });
  const rename = (changed: Folder, name: string) =>
    setDraft(draft.map((one) => (one.number === changed.number ? { ...one, name } : one)));
  return (
    <Card component="section" aria-label={t('yourFolders')}>
      <Stack gap="md">
        <div>
          <Title order={2} size="h4">
            {t('yourFolders')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('youShareByFolderOnly')}
          </Text>
        </div>
        <Group align="flex-end" gap="sm">
          {draft.map((folder, at) => (
            <TextInput
              key={folder.number}
              label={t('name', { number: at + 1 })}
              value={folder.name}
              onChange={(event) => rename(folder, event.currentTarget.value)}
              maxLength={MAX_NAME_LENGTH}
              autoComplete="off"
              w={{ base: '100%', xs: 220 }}
            />
          ))}
          <Button
            variant="default"
            leftSection={<IconFolderPlus size={16} aria-hidden />}
            disabled={draft.length >= MOST}
            onClick={() => setDraft([...draft, { number: freeNumber(draft), name: '' }])}
          >
            {t('newFolder')}
          </Button>
        </Group>
        <SignButton
          signs={problem ?? t('aNewListOfNames')}
          disabled={problem !== undefined}
          action={async (client) => {
            const recordId = await vault.seal(
              {
                ...{ id: crypto.randomUUID(), file: encodeNames(draft), patient, author },
                described: { title: t('folderNames'), mediaType: NAMES_MEDIA_TYPE, fhirType: '' },
              },
              () => undefined,
              new AbortController().signal,
            );
            return addRecord(client, { recordId, patient, compartment: NAMES_COMPARTMENT });
          }}
          onDone={onClose}
          beside={
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
          }
        >
          {t('saveNames')}
        </SignButton>
      </Stack>
    </Card>
  );
}
