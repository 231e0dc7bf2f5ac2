'use client';

import { Button, Card, Divider, FileButton, Group, Select, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconCamera, IconCircleCheck, IconCloudUpload } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { Fragment, useState } from 'react';
import type { Address } from 'viem';
import { useWords } from '../../ui/index.ts';
import { useConsentWords } from '../consent/index.ts';
import { type Folders, useFolders } from '../folders/index.ts';
import { SigningStatus, SwitchNetwork, useSession } from '../session/index.ts';
import { type Queue, unitsOf, useUpload } from '../uploads/index.ts';
import { StorageSignInStatus, useVault } from '../vault/index.ts';
import { ItemRow } from './item-row.tsx';

type AddRecordsProps = {
  readonly patient: Address;
  readonly author: Address;
  /** For a provider: folders in which records count at once; elsewhere the patient has to accept them. */
  readonly writable?: readonly number[];
};

const MAX_FILES = 100;
// Far above a large scan; what lies beyond is a disk image chosen by mistake.
const MAX_BYTES = 16 * 1024 ** 3;
const BY_TYPE = 'by type';

/** Drop files, see them encrypted and stored, sign. A file stays in the list until it is done. */
export function AddRecords({ patient, author, writable }: AddRecordsProps) {
  const t = useTranslations('addRecords');
  const words = useWords();
  const { folderName } = useConsentWords();
  const own = useFolders(patient);
  const folders = writable ? othersFolders(folderName, writable) : own;
  const [folder, setFolder] = useState(BY_TYPE);
  const [refused, setRefused] = useState<string>();
  const direct = folders.list.length > 0;
  // A patient's own key, unlocked, signs in to storage by itself.
  const byKey = useVault().unlocked !== undefined && author === patient;
  // A folder that was chosen may be gone from sight once the chart is locked.
  const isThere = folders.list.some(({ number }) => String(number) === folder);
  const chosen = isThere ? Number(folder) : undefined;
  const queue = useUpload({ patient, author });
  if (!queue) return null;
  const start = () =>
    queue.start({
      direct,
      folderFor: (unit) => unit.folder ?? chosen ?? folders.numberFor(unit.suggestion),
      unsavedNames: folders.state === 'new' ? folders.list : undefined,
    });

  return (
    <Card component="section" aria-label={t('addRecords')}>
      <Stack gap="md">
        <Dropzone
          onDrop={(files) => {
            setRefused(undefined);
            void queue.add(files);
          }}
          onReject={() => setRefused(t('upToFilesAtA', { most: MAX_FILES, bytes: words.bytes(MAX_BYTES) }))}
          maxFiles={MAX_FILES}
          maxSize={MAX_BYTES}
          disabled={queue.busy}
          inputProps={{ 'aria-label': t('chooseFiles') }}
          aria-label={t('dropFilesHereOrChoose')}
        >
          <Stack align="center" gap={4} py="md" ta="center" style={{ pointerEvents: 'none' }}>
            <IconCloudUpload size={36} aria-hidden stroke={1.5} />
            <Text fw={600}>{t('dropFilesTitle')}</Text>
            <Text size="sm" c="dimmed">
              {t('healthRecordsFhirPdfsImages')}
            </Text>
          </Stack>
        </Dropzone>
        <Group hiddenFrom="sm">
          <FileButton
            accept="image/*"
            capture="environment"
            onChange={(file) => file && void queue.add([file])}
            inputProps={{ 'aria-label': t('photo') }}
          >
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconCamera size={18} aria-hidden />}>
                {t('takeAPhoto')}
              </Button>
            )}
          </FileButton>
        </Group>
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
                <ItemRow
                  item={item}
                  locked={queue.busy}
                  folders={direct ? folders : undefined}
                  onChange={(to) => queue.change(item.id, to)}
                  onRemove={() => queue.remove(item.id)}
                />
              </Fragment>
            ))}
          </div>
        )}
        <Sending
          queue={queue}
          onStart={() => void start()}
          folders={folders}
          folder={isThere ? folder : BY_TYPE}
          onFolder={setFolder}
          direct={direct}
          byKey={byKey}
        />
      </Stack>
    </Card>
  );
}

type SendingProps = {
  readonly queue: Queue;
  readonly onStart: () => void;
  readonly folders: Folders;
  readonly folder: string;
  readonly onFolder: (folder: string) => void;
  readonly direct: boolean;
  readonly byKey: boolean;
};

function Sending({ queue, onStart, folders, folder, onFolder, direct, byKey }: SendingProps) {
  const t = useTranslations('addRecords');
  const { wrongNetwork } = useSession();
  const open = queue.items.filter(({ state }) => state.step !== 'done');
  const units = open.flatMap((item) => unitsOf(item, new Map()));
  if (queue.items.length === 0) return null;
  if (open.length === 0) {
    return (
      <Group justify="space-between" role="status">
        <Group gap="xs">
          <IconCircleCheck color="var(--mantine-color-teal-light-color)" aria-hidden />
          <Text fw={500}>{direct ? t('allAdded') : t('sentThePatientHasTo')}</Text>
        </Group>
        <Button variant="subtle" size="xs" onClick={queue.clear}>
          {t('clearTheList')}
        </Button>
      </Group>
    );
  }
  if (wrongNetwork) return <SwitchNetwork />;
  const failed = open.some(({ state }) => state.step === 'failed');
  const what =
    units.length > open.length
      ? t('countRecords', { count: units.length })
      : t('countFiles', { count: open.length });
  const signatures = direct ? Math.ceil(units.length / 100) : units.length;
  const nameless = folders.state === 'locked' || folders.state === 'unreadable';
  // With the names out of sight nobody can say which folder is apart from the shared ones.
  const needsNames = direct && nameless && units.some(({ suggestion }) => suggestion === 'mental-health');
  return (
    <Stack gap="xs">
      <Group align="flex-end">
        {direct && (
          <Select
            label={t('into')}
            data={[
              { value: BY_TYPE, label: t('sortedByType') },
              ...folders.list.map(({ number, name }) => ({ value: String(number), label: name })),
            ].slice(folders.list.length > 1 ? 0 : 1)}
            value={folders.list.length > 1 ? folder : String(folders.list[0]?.number)}
            onChange={(value) => onFolder(value ?? BY_TYPE)}
            allowDeselect={false}
            disabled={queue.busy}
            w={200}
          />
        )}
        <Button
          onClick={onStart}
          loading={queue.busy}
          disabled={needsNames || (direct && folders.state === 'looking')}
        >
          {failed ? t('tryAgain') : t(direct ? 'encryptAndAdd' : 'encryptAndSend', { what })}
        </Button>
        {queue.busy && (
          <Button variant="default" onClick={queue.cancel}>
            {t('cancel')}
          </Button>
        )}
      </Group>
      {!queue.busy && (
        <Text size="sm" c="dimmed">
          {direct
            ? t('signThatTheyBelong', { signatures, count: units.length })
            : t('signThatYouSend', { signatures })}
          {folders.state === 'new' && ` ${t('namesForYourFoldersAre')}`}
          {!byKey && ` ${t('ifYouHaveNotStored')}`}
        </Text>
      )}
      {direct && nameless && (
        <Text size="sm" c="dimmed" role={needsNames ? 'alert' : undefined}>
          {needsNames ? t('someOfItIsAbout') : t('goesIntoGeneral')}
          {!needsNames && folders.state === 'locked' && ` ${t('unlockToUseThem')}`}
        </Text>
      )}
      <StorageSignInStatus signIn={queue.signIn} />
      {queue.busy && <SigningStatus signing={queue.signing} />}
    </Stack>
  );
}

/** As a provider sees them: numbers, without the patient's names. */
function othersFolders(folderName: (number: number) => string, writable: readonly number[]): Folders {
  const list = writable.map((number) => ({ number, name: folderName(number) }));
  return { state: 'named', list, saved: list, nameOf: folderName, numberFor: () => writable[0] ?? 0 };
}
