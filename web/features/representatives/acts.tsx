'use client';

import { Card, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { Address } from 'viem';
import type { Messages } from '../../i18n/messages.ts';
import { ErrorNotice, Loading, Person, TechnicalDetails, useWords } from '../../ui/index.ts';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { type ActDone, useActs } from './use-representations.ts';

const ROW_PX = 116;

/** What was done in the patient's name, the newest first. */
export function Acts({ patient }: { readonly patient: Address }) {
  const t = useTranslations('representatives');
  const { data, error, refetch } = useActs(patient);
  return (
    <Card component="section" aria-label={t('doneInYourName')}>
      <Title order={2} size="h4" mb="xs">
        {t('doneInYourName')}
      </Title>
      {!data && error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Loading what={t('readingWhatWasDone')} />}
      {data?.length === 0 && <Text c="dimmed">{t('nothingYet')}</Text>}
      {data && data.length > 0 && (
        <VirtualRows label={t('doneInYourName')} rows={data} keyOf={keyOf} heightOf={() => ROW_PX}>
          {(act) => <Act act={act} />}
        </VirtualRows>
      )}
      <Text size="sm" c="dimmed" mt="xs">
        {t('openingsStandUnderWhoLooked')}
      </Text>
    </Card>
  );
}

function keyOf({ transactionHash, selector }: ActDone): string {
  return `${transactionHash}${selector}`;
}

function Act({ act }: { readonly act: ActDone }) {
  const t = useTranslations('representatives');
  const words = useWords();
  const key = `acts.${act.functionName}` as `acts.${keyof Messages['representatives']['acts']}`;
  return (
    <div style={{ paddingBlock: 8 }}>
      <Person
        address={act.representative}
        kind={t('representative')}
        detail={
          <>
            {t.has(key) ? t(key) : t('acts.unknown')}
            {' · '}
            <time dateTime={new Date(act.at * 1000).toISOString()} title={words.dateTime(act.at)}>
              {words.ago(act.at)}
            </time>
          </>
        }
      />
      <TechnicalDetails
        details={[
          { name: t('transaction'), value: act.transactionHash },
          { name: t('called'), value: `${act.target} ${act.selector}` },
        ]}
      />
    </div>
  );
}
