'use client';

import { addRecord } from '@chartkey/sdk';
import { Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconFolderPlus } from '@tabler/icons-react';
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
  const vault = useVault();
  const [draft, setDraft] = useState(folders.list);
  const problem = namesProblem(draft);
  const rename = (changed: Folder, name: string) =>
    setDraft(draft.map((one) => (one.number === changed.number ? { ...one, name } : one)));
  return (
    <Card component="section" aria-label="Your folders">
      <Stack gap="md">
        <div>
          <Title order={2} size="h4">
            Your folders
          </Title>
          <Text size="sm" c="dimmed">
            You share by folder. Only you can read these names: others see that there are folders, not what
            they are called.
          </Text>
        </div>
        <Group align="flex-end" gap="sm">
          {draft.map((folder, at) => (
            <TextInput
              key={folder.number}
              label={`Name ${at + 1}`}
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
            New folder
          </Button>
        </Group>
        <SignButton
          signs={problem ?? 'a new list of names, encrypted to your own key, is added to your chart.'}
          disabled={problem !== undefined}
          action={async (client) => {
            const recordId = await vault.seal(
              {
                ...{ id: crypto.randomUUID(), file: encodeNames(draft), patient, author },
                described: { title: 'Folder names', mediaType: NAMES_MEDIA_TYPE, fhirType: '' },
              },
              () => undefined,
              new AbortController().signal,
            );
            return addRecord(client, { recordId, patient, compartment: NAMES_COMPARTMENT });
          }}
          onDone={onClose}
          beside={
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          }
        >
          Save names
        </SignButton>
      </Stack>
    </Card>
  );
}
