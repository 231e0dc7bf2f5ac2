'use client';

import { ChartkeyError, type IndexedRecord, joinBundles } from '@chartkey/sdk';
import { Alert, Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconHeartbeat } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ErrorNotice } from '../../ui/index.ts';
import { kindOf } from '../content/index.ts';
import { saveBlob, useJob } from '../save/index.ts';
import { useTitles, useVault } from '../vault/index.ts';

type Step = { readonly done: number; readonly total: number };

/** The FHIR part of a chart as one bundle, for another system; dropping it under Add gives the same records again. */
export function FhirCard({ records }: { readonly records: readonly IndexedRecord[] }) {
  const t = useTranslations('portable');
  const vault = useVault();
  const titles = useTitles(records);
  const job = useJob<Step>();
  const [finished, setFinished] = useState<{ readonly taken: number; readonly left: number }>();
  const fhir = records.filter(({ recordId }) => {
    const title = titles.get(recordId);
    return title !== undefined && kindOf(title) === 'fhir';
  });
  const locked = vault.unlocked === undefined;

  const start = () =>
    job.run(async (signal, onProgress) => {
      setFinished(undefined);
      const found: unknown[] = [];
      for (const [at, { recordId }] of fhir.entries()) {
        if (signal.aborted) throw new ChartkeyError('CANCELLED', 'The export was cancelled.');
        onProgress({ done: at, total: fhir.length });
        const { content } = await vault.openOwn(recordId);
        const value = readable(await content.text());
        if (value !== undefined) found.push(value);
      }
      const text = JSON.stringify(joinBundles(found));
      saveBlob(new Blob([text], { type: 'application/fhir+json' }), 'chart.fhir.json');
      setFinished({ taken: found.length, left: fhir.length - found.length });
    });

  const { done = 0, total = 1 } = job.progress ?? {};
  return (
    <Card component="section" aria-label={t('exportAsFhir')}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('exportAsFhir')}
        </Title>
        <Text>{t('oneFhirR4BundleJson')}</Text>
        {!job.busy && (
          <Group>
            <Button
              variant="default"
              leftSection={<IconHeartbeat size={18} aria-hidden />}
              disabled={locked || titles.reading || fhir.length === 0}
              onClick={() => void start()}
            >
              {t('saveRecordsAsFhir', { count: fhir.length })}
            </Button>
            {(locked || titles.reading) && (
              <Text size="sm" c="dimmed">
                {locked ? t('lockedUnlockAboveToSee') : t('readingTitles')}
              </Text>
            )}
          </Group>
        )}
        {job.busy && (
          <Stack gap="xs">
            <Text role="status">{t('recordsDone', { done, total })}</Text>
            <Progress value={(100 * done) / total} aria-label={t('recordsPutTogether')} />
            <Group>
              <Button variant="default" onClick={job.cancel}>
                {t('cancel')}
              </Button>
            </Group>
          </Stack>
        )}
        {job.error !== undefined && <ErrorNotice error={job.error} />}
        {finished && !job.busy && (
          <Alert
            variant="light"
            color={finished.left > 0 ? 'orange' : 'teal'}
            icon={<IconCircleCheck aria-hidden />}
            role="status"
            title={t('recordsAreInTheFile', { count: finished.taken })}
          >
            {finished.left > 0 && t('couldNotBePutIn', { count: finished.left })}
          </Alert>
        )}
      </Stack>
    </Card>
  );
}

/** What can go into a bundle; undefined for a file that only says it is FHIR. */
function readable(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    joinBundles([value]);
    return value;
  } catch {
    return undefined;
  }
}
