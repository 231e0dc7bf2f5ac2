'use client';

import { Alert, Button, Card, Group, Radio, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconFileDownload, IconShieldX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useState } from 'react';
import { ErrorNotice, Loading, Page, useWords } from '../../ui/index.ts';
import { useIndex } from '../lists/index.ts';
import { chooseTarget, saveBlob, useJob, writesToDisk } from '../save/index.ts';
import { useReader } from '../session/index.ts';
import { filterOf } from './filter.ts';
import { FilterForm } from './filter-form.tsx';
import { useFilter } from './use-filter.ts';
import {
  type Exported,
  type ExportProgress,
  exportName,
  FORMATS,
  type Format,
  writeExport,
} from './write-export.ts';

/** An index that is started anew does not end a long export. */
const PATIENCE_MS = 60_000;

/** Entries as a file, for other programs or for people. */
export function ExportPage() {
  const t = useTranslations('auditor');
  const [draft, setDraft] = useFilter();
  const filter = useMemo(() => filterOf(draft), [draft]);
  const chosen = Object.keys(filter).length;
  const [format, setFormat] = useState<Format>('csv');
  const [finished, setFinished] = useState<Exported>();
  const reader = useReader();
  const { index } = useIndex();
  const job = useJob<ExportProgress>();
  // Only a browser can say; what the server renders must be what the page begins with.
  const [isDirect, setIsDirect] = useState(true);
  useEffect(() => setIsDirect(writesToDisk()), []);
  const start = () =>
    job.run(async (signal, onProgress) => {
      setFinished(undefined);
      const name = exportName(format);
      const target = await chooseTarget(name);
      const from = await index();
      const patiently = from && { ...from, patienceMs: PATIENCE_MS };
      const asked = { format, filter, index: patiently, target, signal, onProgress };
      const exported = await writeExport(reader, asked);
      if (exported.blob) saveBlob(exported.blob, name);
      setFinished(exported);
    });
  return (
    <Page title={t('export')} lead={t('entriesAsAFile')}>
      <FilterForm filter={draft} onChange={setDraft} />
      <Card component="section" aria-label={t('export')}>
        <Stack gap="md">
          <Text>
            {chosen === 0 ? t('everythingIsExported') : t('whatIsChosenIsExported', { count: chosen })}
          </Text>
          <Radio.Group label={t('as')} value={format} onChange={(value) => setFormat(value as Format)}>
            <Stack gap="xs" mt="xs">
              {(Object.keys(FORMATS) as Format[]).map((value) => (
                <Radio
                  key={value}
                  value={value}
                  label={t(`formats.${value}.name`)}
                  description={t(`formats.${value}.is`)}
                  disabled={job.busy}
                />
              ))}
            </Stack>
          </Radio.Group>
          {!isDirect && (
            <Text size="sm" c="dimmed">
              {t('thisBrowserHoldsItFirst')}
            </Text>
          )}
          <Group>
            {job.busy ? (
              <Button variant="default" onClick={job.cancel}>
                {t('cancel')}
              </Button>
            ) : (
              <Button onClick={() => void start()} leftSection={<IconFileDownload size={18} aria-hidden />}>
                {t('exportNow')}
              </Button>
            )}
          </Group>
          {job.busy && <Running progress={job.progress} format={format} />}
          {job.error !== undefined && <ErrorNotice error={job.error} />}
          {finished && !job.busy && <Finished exported={finished} />}
        </Stack>
      </Card>
    </Page>
  );
}

type RunningProps = { readonly progress: ExportProgress | undefined; readonly format: Format };

function Running({ progress, format }: RunningProps) {
  const t = useTranslations('auditor');
  const { entries = 0, logs = 0 } = progress ?? {};
  return (
    <Loading
      what={format === 'report' ? t('logsChecked', { count: logs }) : t('entriesWritten', { count: entries })}
    />
  );
}

function Finished({ exported: { entries, bytes, proven } }: { readonly exported: Exported }) {
  const t = useTranslations('auditor');
  const words = useWords();
  const isWrong = proven === false;
  return (
    <Alert
      variant="light"
      color={isWrong ? 'red' : 'teal'}
      icon={isWrong ? <IconShieldX aria-hidden /> : <IconCircleCheck aria-hidden />}
      title={t('exported', { count: entries })}
      role={isWrong ? 'alert' : 'status'}
      {...(proven !== undefined && { 'data-proof': proven ? 'proven' : 'wrong' })}
    >
      <Text size="sm">
        {words.bytes(bytes)}
        {'. '}
        {proven === undefined
          ? t('aFileProvesNothing')
          : t(proven ? 'theReportSaysProven' : 'theReportSaysNotProven')}
      </Text>
    </Alert>
  );
}
