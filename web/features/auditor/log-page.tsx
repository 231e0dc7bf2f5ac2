'use client';

import { Button, Card, Group } from '@mantine/core';
import { IconListSearch, IconRefresh } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { EmptyState, ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { EntryLine } from './entry-line.tsx';
import { filterOf } from './filter.ts';
import { FilterForm } from './filter-form.tsx';
import { SourceNote } from './source-note.tsx';
import { useEntries } from './use-entries.ts';
import { useFilter } from './use-filter.ts';

const ROW_PX = 110;

/** Entries of all logs, the newest first; each can be held against the chain. */
export function LogPage() {
  const t = useTranslations('auditor');
  const [draft, setDraft] = useFilter();
  const filter = useMemo(() => filterOf(draft), [draft]);
  const { entries, newest, isPending, error, more, isLoadingMore, again } = useEntries(filter);
  const [open, setOpen] = useState<string>();
  return (
    <Page
      title={t('log')}
      lead={t('everyOpeningOfEverybodys')}
      actions={
        <Button variant="default" onClick={again} leftSection={<IconRefresh size={16} aria-hidden />}>
          {t('lookAgain')}
        </Button>
      }
    >
      <FilterForm filter={draft} onChange={setDraft} />
      {error !== undefined && <ErrorNotice error={error} onRetry={again} />}
      {isPending && <Loading what={t('readingTheLogs')} />}
      {newest && <SourceNote {...newest} />}
      {newest && entries.length === 0 && (
        <EmptyState icon={<IconListSearch />} title={t('noSuchEntry')} text={t('nobodyOpenedOrTried')} />
      )}
      {entries.length > 0 && (
        <Card padding={0} component="section" aria-label={t('entries')}>
          <VirtualRows label={t('entries')} rows={entries} keyOf={keyOf} heightOf={() => ROW_PX}>
            {(entry) => (
              <EntryLine
                entry={entry}
                open={open === keyOf(entry)}
                onToggle={() => setOpen(open === keyOf(entry) ? undefined : keyOf(entry))}
              />
            )}
          </VirtualRows>
        </Card>
      )}
      {more && (
        <Group justify="center">
          <Button variant="default" onClick={more} loading={isLoadingMore}>
            {t('showMore')}
          </Button>
        </Group>
      )}
    </Page>
  );
}

function keyOf({ patient, sequence }: { readonly patient: string; readonly sequence: number }): string {
  return `${patient} ${sequence}`;
}
