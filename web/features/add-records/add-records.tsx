'use client';

import {
  ActionIcon,
  Button,
  Card,
  Divider,
  Group,
  Progress,
  Select,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconCircleCheck, IconCloudUpload, IconFile, IconX } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import type { Address } from 'viem';
import { bytesInWords, ErrorNotice } from '../../ui/index.ts';
import { FOLDERS, folderName } from '../consent/index.ts';
import { SigningStatus, SwitchNetwork, useSession } from '../session/index.ts';
import { StorageSignInStatus, useVault } from '../vault/index.ts';
import { type Item, useQueue } from './queue.ts';

type AddRecordsProps = {
  readonly patient: Address;
  readonly author: Address;
  /** Folders in which records count at once; elsewhere the patient has to accept them. */
  readonly writable?: readonly number[];
};

const MAX_FILES = 20;
// Far above a large scan; what lies beyond is a disk image chosen by mistake.
const MAX_BYTES = 16 * 1024 ** 3;

/** Drop files, see them encrypted and stored, sign. A file stays in the list until it is done. */
export function AddRecords({ patient, author, writable = FOLDERS }: AddRecordsProps) {
  const [folder, setFolder] = useState(writable[0] ?? 0);
  const [refused, setRefused] = useState<string>();
  const direct = writable.length > 0;
  const queue = useQueue({ patient, author, compartment: folder, direct });
  const { wrongNetwork } = useSession();
  // A patient's own key, unlocked, signs in by itself.
  const byKey = useVault().unlocked !== undefined && author === patient;
  const open = queue.items.filter(({ state }) => state.step !== 'done');
  const failed = open.some(({ state }) => state.step === 'failed');

  return (
    <Card component="section" aria-label="Add records">
      <Stack gap="md">
        <Dropzone
          onDrop={(files) => {
            setRefused(undefined);
            queue.add(files);
          }}
          onReject={() =>
            setRefused(`Up to ${MAX_FILES} files at a time, each up to ${bytesInWords(MAX_BYTES)}.`)
          }
          maxFiles={MAX_FILES}
          maxSize={MAX_BYTES}
          disabled={queue.busy}
          inputProps={{ 'aria-label': 'Choose files' }}
          aria-label="Drop files here or choose them"
        >
          <Stack align="center" gap={4} py="md" ta="center" style={{ pointerEvents: 'none' }}>
            <IconCloudUpload size={36} aria-hidden stroke={1.5} />
            <Text fw={600}>Drop files here, or choose them</Text>
            <Text size="sm" c="dimmed">
              Health records (FHIR), PDFs, images, scans: any file. They are encrypted before they leave this
              browser.
            </Text>
          </Stack>
        </Dropzone>
        {refused && (
          <Text size="sm" c="var(--mantine-color-red-light-color)" role="alert">
            {refused}
          </Text>
        )}
        {queue.items.length > 0 && (
          <div>
            {queue.items.map((item, at) => (
              <Fragment key={item.id}>
                {at > 0 && <Divider />}
                <FileRow item={item} onRemove={() => queue.remove(item.id)} locked={queue.busy} />
              </Fragment>
            ))}
          </div>
        )}
        {open.length > 0 && wrongNetwork && <SwitchNetwork />}
        {open.length > 0 && !wrongNetwork && (
          <Stack gap="xs">
            <Group align="flex-end">
              {direct && (
                <Select
                  label="Into"
                  data={writable.map((number) => ({ value: String(number), label: folderName(number) }))}
                  value={String(folder)}
                  onChange={(value) => setFolder(Number(value ?? 0))}
                  allowDeselect={false}
                  disabled={queue.busy}
                  w={160}
                />
              )}
              <Button onClick={() => void queue.start()} loading={queue.busy}>
                {failed ? 'Try again' : `Encrypt and ${direct ? 'add' : 'send'} ${counted(open.length)}`}
              </Button>
              {queue.busy && (
                <Button variant="default" onClick={queue.cancel}>
                  Cancel
                </Button>
              )}
            </Group>
            {!queue.busy && (
              <Text size="sm" c="dimmed">
                {direct
                  ? 'Your wallet will ask you to sign once: that these files belong to the chart.'
                  : 'Your wallet will ask you to sign once for each file: that you send it to the patient, who then accepts it.'}{' '}
                {!byKey &&
                  'If you have not stored anything for a while, it first asks you to sign in to storage, which costs nothing.'}
              </Text>
            )}
            <StorageSignInStatus signIn={queue.signIn} />
            {queue.busy && <SigningStatus signing={queue.signing} />}
          </Stack>
        )}
        {open.length === 0 && queue.items.length > 0 && (
          <Group justify="space-between" role="status">
            <Group gap="xs">
              <IconCircleCheck color="var(--mantine-color-teal-light-color)" aria-hidden />
              <Text fw={500}>{direct ? 'All added.' : 'Sent. The patient has to accept.'}</Text>
            </Group>
            <Button variant="subtle" size="xs" onClick={queue.clear}>
              Clear the list
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

type FileRowProps = { readonly item: Item; readonly onRemove: () => void; readonly locked: boolean };

function FileRow({ item, onRemove, locked }: FileRowProps) {
  const { file, state } = item;
  return (
    <Stack gap={6} py="sm">
      <Group justify="space-between" wrap="nowrap">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          {state.step === 'done' ? (
            <IconCircleCheck
              color="var(--mantine-color-teal-light-color)"
              aria-hidden
              style={{ flexShrink: 0 }}
            />
          ) : (
            <IconFile aria-hidden style={{ flexShrink: 0 }} />
          )}
          <div style={{ minWidth: 0 }}>
            <Title order={3} size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
              {file.name}
            </Title>
            <Text size="sm" c="dimmed">
              {bytesInWords(file.size)}
              {file.size === 0 && ' · this file is empty'} · {wordsFor(state)}
            </Text>
          </div>
        </Group>
        {!locked && state.step !== 'done' && (
          <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={`Remove ${file.name}`}>
            <IconX size={16} />
          </ActionIcon>
        )}
      </Group>
      {state.step === 'sealing' && (
        <Progress
          value={state.stage === 'confirming' ? 100 : percentOf(state)}
          animated={state.stage !== 'encrypting'}
          color={state.stage === 'waiting' ? 'yellow' : 'teal'}
          aria-label={`Progress of ${file.name}`}
        />
      )}
      {state.step === 'failed' && <ErrorNotice error={state.error} />}
    </Stack>
  );
}

function wordsFor(state: Item['state']): string {
  switch (state.step) {
    case 'waiting':
      return 'ready';
    case 'sealing':
      if (state.stage === 'confirming') return 'stored, asking the keepers to confirm';
      if (state.stage === 'waiting') {
        return `interrupted at ${percentOf(state)} %, going on from there in a moment`;
      }
      return `encrypting and storing, ${percentOf(state)} %`;
    case 'sealed':
      return 'stored, not signed yet';
    case 'signing':
      return 'stored, waiting for your signature';
    case 'done':
      return 'done';
    case 'failed':
      return state.recordId ? 'stored, not signed yet' : 'not stored';
  }
}

function percentOf({ done, total }: { readonly done: number; readonly total: number }): number {
  return Math.floor((100 * done) / Math.max(1, total));
}

function counted(n: number): string {
  return n === 1 ? '1 file' : `${n} files`;
}
