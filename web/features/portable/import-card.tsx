'use client';

import type { OpenAgeWith } from '@chartkey/sdk';
import {
  Alert,
  Button,
  Card,
  FileButton,
  Group,
  PasswordInput,
  Progress,
  Stack,
  Text,
  Textarea,
  Title,
} from '@mantine/core';
import { IconCircleCheck, IconPackageImport } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import type { Address } from 'viem';
import { ErrorNotice, useWords } from '../../ui/index.ts';
import { type Records, useFolders } from '../folders/index.ts';
import { SigningStatus, SwitchNetwork, useSession } from '../session/index.ts';
import { StorageSignInStatus } from '../vault/index.ts';
import { ImportContents } from './import-contents.tsx';
import { type Import, useImport } from './use-import.ts';

type ImportCardProps = {
  readonly patient: Address;
  readonly author: Address;
  readonly present: Pick<Records, 'active' | 'pending'>;
};

/** A chart, or one encrypted file, becomes records of this chart. */
export function ImportCard({ patient, author, present }: ImportCardProps) {
  const t = useTranslations('portable');
  const words = useWords();
  const ids = [...present.active, ...present.pending].map(({ recordId }) => recordId);
  const folders = useFolders(patient);
  const work = useImport({ patient, author, present: ids, folders: folders.saved });
  const { chosen, inspected, reading, sealing, finished } = work;
  const busy = reading.busy || sealing.busy || work.signing.busy;
  return (
    <Card component="section" aria-label={t('import')}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('import')}
        </Title>
        <Text>{t('aChartThatWasExported')}</Text>
        <Group gap="sm">
          <FileButton onChange={(file) => void work.choose(file ?? undefined)} accept=".tar,.age">
            {(props) => (
              <Button
                {...props}
                variant={chosen ? 'default' : 'filled'}
                leftSection={<IconPackageImport size={18} aria-hidden />}
                disabled={busy}
              >
                {chosen ? t('chooseAnotherFile') : t('chooseAFile')}
              </Button>
            )}
          </FileButton>
          {chosen && (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {chosen.file.name}, {words.bytes(chosen.file.size)}
            </Text>
          )}
        </Group>
        {chosen && !inspected && !reading.busy && (
          <Opening opensWith={chosen.opensWith} onOpen={(opening) => void work.inspect(opening)} />
        )}
        {reading.busy && chosen && <Reading {...reading} />}
        {reading.error !== undefined && <ErrorNotice error={reading.error} />}
        {inspected && <ImportContents inspected={inspected} nameOf={folders.nameOf} />}
        {inspected && !finished && inspected.fresh.length > 0 && <Importing work={work} />}
        {finished && (
          <Alert
            variant="light"
            icon={<IconCircleCheck aria-hidden />}
            role="status"
            title={t('recordsAreInYourChart', { count: work.added })}
          >
            <Text size="sm">{t('theyAreSealedAnewTo')}</Text>
          </Alert>
        )}
      </Stack>
    </Card>
  );
}

type OpeningProps = {
  readonly opensWith: 'plain' | 'passphrase' | 'identity';
  readonly onOpen: (opening: OpenAgeWith | undefined) => void;
};

/** What opens the file; what is typed is gone from the page once the file is open. */
function Opening({ opensWith, onOpen }: OpeningProps) {
  const t = useTranslations('portable');
  const [secret, setSecret] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (opensWith === 'plain') onOpen(undefined);
    else onOpen(opensWith === 'passphrase' ? { passphrase: secret } : { identity: secret });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={460}>
        {opensWith === 'passphrase' && (
          <PasswordInput
            label={t('passphraseOfTheFile')}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            autoComplete="off"
            visibilityToggleButtonProps={{ 'aria-label': t('showOrHideThePassphrase') }}
          />
        )}
        {opensWith === 'identity' && (
          <Textarea
            label={t('yourAgeKey')}
            description={t('theOneThatStartsWith')}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            autoComplete="off"
            autosize
            minRows={2}
          />
        )}
        <Group>
          <Button type="submit" disabled={opensWith !== 'plain' && secret.trim() === ''}>
            {t('seeWhatIsInIt')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Reading({ progress, cancel }: Import['reading']) {
  const t = useTranslations('portable');
  const { done = 0, total = 1 } = progress ?? {};
  return (
    <Stack gap="xs">
      <Text role="status">
        {t('readingAndCheckingIt', { percent: Math.floor((100 * done) / Math.max(1, total)) })}
      </Text>
      <Progress value={(100 * done) / Math.max(1, total)} animated aria-label={t('archiveChecked')} />
      <Group>
        <Button variant="default" onClick={cancel}>
          {t('cancel')}
        </Button>
      </Group>
    </Stack>
  );
}

function Importing({ work }: { readonly work: Import }) {
  const t = useTranslations('portable');
  const { inspected, sealing, signing, signIn, added } = work;
  const { wrongNetwork } = useSession();
  const all = inspected?.fresh.length ?? 0;
  const { sealed = 0, stage, done = 0, total = 1 } = sealing.progress ?? {};
  const left = all - added;
  const asking = signIn.state.stage === 'asking' || signIn.state.stage === 'wallet';
  const busy = sealing.busy || signing.busy || asking;
  const tried = sealing.error !== undefined || signing.state.stage === 'failed';
  if (wrongNetwork) return <SwitchNetwork />;
  return (
    <Stack gap="sm">
      {sealing.busy && (
        <>
          <Text role="status">
            {stage === 'waiting'
              ? t('interruptedGoingOnInA', { progress: t('sealedOf', { sealed, all }) })
              : t('sealedOf', { sealed, all })}
          </Text>
          <Progress
            value={(100 * (sealed + Math.min(0.99, done / Math.max(1, total)))) / Math.max(1, all)}
            animated
            color={stage === 'waiting' ? 'yellow' : 'teal'}
            aria-label={t('recordsImported')}
          />
        </>
      )}
      <Group gap="xs">
        <Button onClick={() => void work.start()} loading={busy}>
          {tried ? t('tryAgain') : t('importRecords', { count: left })}
        </Button>
        {sealing.busy && (
          <Button variant="default" onClick={sealing.cancel}>
            {t('cancel')}
          </Button>
        )}
      </Group>
      {!busy && (
        <Text size="sm" c="dimmed">
          {t('yourWalletWillAskYou')}
        </Text>
      )}
      <StorageSignInStatus signIn={signIn} />
      <SigningStatus signing={signing} />
      {sealing.error !== undefined && <ErrorNotice error={sealing.error} />}
    </Stack>
  );
}
