'use client';

import { type ExportProgress, exportChartName, type IndexedRecord } from '@chartkey/sdk';
import { Alert, Button, Card, Group, Progress, Radio, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconPackageExport } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Address } from 'viem';
import { ErrorNotice, useWords } from '../../ui/index.ts';
import { useFolders } from '../folders/index.ts';
import {
  AgeFields,
  chooseTarget,
  emptyAge,
  saveBlob,
  sealTo,
  useAgeProblem,
  useJob,
  writesToDisk,
} from '../save/index.ts';
import { useVault } from '../vault/index.ts';

type ExportCardProps = { readonly patient: Address; readonly records: readonly IndexedRecord[] };

/** The whole chart as one file. */
export function ExportCard({ patient, records }: ExportCardProps) {
  const t = useTranslations('portable');
  const vault = useVault();
  const folders = useFolders(patient);
  const job = useJob<ExportProgress>();
  const [encrypted, setEncrypted] = useState(true);
  const [draft, setDraft] = useState(emptyAge);
  const [finished, setFinished] = useState<{ readonly missing: number; readonly encrypted: boolean }>();
  const locked = vault.unlocked === undefined;
  const wrong = useAgeProblem(draft);
  const problem = encrypted ? wrong : undefined;

  const start = () =>
    job.run(async (signal, onProgress) => {
      setFinished(undefined);
      const name = exportChartName(new Date(), encrypted);
      const target = await chooseTarget(name);
      const request = {
        ...{
          patient,
          records,
          target,
          folderNames: Array.from({ length: 64 }, (_, number) => folders.nameOf(number)),
        },
        to: encrypted ? sealTo(draft) : undefined,
      };
      const { missing, blob } = await vault.exportChart(request, onProgress, signal);
      if (blob) saveBlob(blob, name);
      setDraft(emptyAge);
      setFinished({ missing, encrypted });
    });

  return (
    <Card component="section" aria-label={t('exportEverything')}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('exportEverything')}
        </Title>
        {records.length === 0 ? (
          <Text c="dimmed">{t('yourChartHoldsNoRecord')}</Text>
        ) : (
          <>
            <Text>{t('oneFileTarWithAll', { count: records.length })}</Text>
            <Radio.Group
              label={t('how')}
              value={encrypted ? 'encrypted' : 'plain'}
              onChange={(value) => setEncrypted(value === 'encrypted')}
            >
              <Stack gap="xs" mt="xs">
                <Radio value="encrypted" label={t('encryptedTarAgeForA')} disabled={job.busy} />
                <Radio value="plain" label={t('notEncryptedTarWhoeverHas')} disabled={job.busy} />
              </Stack>
            </Radio.Group>
            {encrypted && <AgeFields draft={draft} onChange={setDraft} disabled={job.busy} />}
            {!writesToDisk() && (
              <Text size="sm" c="dimmed">
                {t('thisBrowserCantWriteA')}
              </Text>
            )}
            {!job.busy && (
              <Stack gap={6}>
                <Group>
                  <Button
                    leftSection={<IconPackageExport size={18} aria-hidden />}
                    onClick={() => void start()}
                    disabled={locked || problem !== undefined}
                  >
                    {t('exportEverything')}
                  </Button>
                </Group>
                {(locked || problem !== undefined) && (
                  <Text size="sm" c="dimmed">
                    {locked ? t('unlockYourChartFirst') : problem}
                  </Text>
                )}
              </Stack>
            )}
            {job.busy && <Running progress={job.progress} onCancel={job.cancel} />}
            {finished && !job.busy && <Finished {...finished} />}
          </>
        )}
        {job.error !== undefined && <ErrorNotice error={job.error} />}
      </Stack>
    </Card>
  );
}

type RunningProps = { readonly progress: ExportProgress | undefined; readonly onCancel: () => void };

function Running({ progress, onCancel }: RunningProps) {
  const t = useTranslations('portable');
  const words = useWords();
  const { records = 0, totalRecords = 1, bytes = 0 } = progress ?? {};
  return (
    <Stack gap="xs">
      <Text role="status">{t('ofRecords', { records, totalRecords, bytes: words.bytes(bytes) })}</Text>
      <Progress value={(100 * records) / totalRecords} animated aria-label={t('recordsExported')} />
      <Group>
        <Button variant="default" onClick={onCancel}>
          {t('cancel')}
        </Button>
      </Group>
    </Stack>
  );
}

function Finished({ missing, encrypted }: { readonly missing: number; readonly encrypted: boolean }) {
  const t = useTranslations('portable');
  return (
    <Alert
      variant="light"
      color={missing > 0 ? 'orange' : 'teal'}
      icon={<IconCircleCheck aria-hidden />}
      role="status"
      title={missing > 0 ? t('exportedButNotAllOf') : t('yourChartIsExported')}
    >
      <Text size="sm">
        {missing > 0 && `${t('couldNotBeOpenedThe', { count: missing })} `}
        {encrypted ? t('keepThePassphraseOrThe') : t('keepItAsYouWould')}
      </Text>
    </Alert>
  );
}
