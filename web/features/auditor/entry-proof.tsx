'use client';

import type { ExportedEntry } from '@chartkey/sdk';
import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { ErrorNotice, Loading, TechnicalDetails } from '../../ui/index.ts';
import {
  faultInWords,
  findingInWords,
  type ProvenLog,
  RowProof,
  rowFinding,
  useProvenLog,
} from '../audit-proof/index.ts';
import { NO_FILTER } from './filter.ts';
import { logHref } from './use-filter.ts';

/** An entry as it was shown, held against its patient's log on the chain. The index is not asked. */
export function EntryProof({ entry }: { readonly entry: ExportedEntry }) {
  const t = useTranslations('auditor');
  const { log, error, retry } = useProvenLog(entry.patient, { fromChain: true });
  if (!log) {
    return error ? <ErrorNotice error={error} onRetry={retry} /> : <Loading what={t('askingTheChain')} />;
  }
  return (
    <Stack gap="xs" py="xs">
      <Group gap="sm" align="flex-start" role="status">
        <RowProof log={log} entry={entry} />
        <Text size="sm" style={{ flex: '1 1 220px' }}>
          <Verdict log={log} entry={entry} />
        </Text>
      </Group>
      <Details log={log} entry={entry} />
      {/* Not the router's: it would not tell the page that only what is after # has changed. */}
      <Anchor size="sm" href={logHref({ ...NO_FILTER, patient: entry.patient })}>
        {t('everythingOfThisPatient')}
      </Anchor>
    </Stack>
  );
}

type OfEntry = { readonly log: ProvenLog; readonly entry: ExportedEntry };

function Verdict({ log, entry }: OfEntry) {
  const t = useTranslations('auditor');
  const words = useTranslations('auditProof');
  if (!log.verdict.ok) return t('theChainsListBreaks', { fault: faultInWords(words, log.verdict) });
  const finding = rowFinding(log, entry);
  if (finding && entry.sequence > log.entries.length && entry.blockNumber > log.block.number)
    return t('laterThanTheProof');
  if (!finding) return t('standsOnTheChainLikeThis');
  return t('theIndexDoesThis', { what: findingInWords(words, finding) });
}

function Details({ log, entry }: OfEntry) {
  const t = useTranslations('auditor');
  const actual = log.verdict.ok ? log.entries[entry.sequence - 1] : undefined;
  const chain = actual && rowFinding(log, entry) ? [{ name: t('onTheChain'), value: inOneLine(actual) }] : [];
  return (
    <TechnicalDetails
      details={[
        { name: t('fields.patient'), value: entry.patient },
        { name: t('entry'), value: `${entry.sequence} / ${log.verdict.proven.count}` },
        { name: t('fields.accessor'), value: entry.accessor },
        { name: t('fields.organisation'), value: entry.organisation ?? '–' },
        { name: t('record'), value: entry.recordId },
        { name: t('transaction'), value: `${entry.transactionHash}, ${entry.blockNumber}` },
        { name: t('provenInBlock'), value: `${log.block.number}, ${log.block.hash}` },
        { name: t('head'), value: log.verdict.proven.head },
        ...chain,
      ]}
    />
  );
}

function inOneLine({
  accessor,
  purpose,
  decision,
  openedAt,
  recordId,
  transactionHash,
}: ExportedEntry): string {
  return [
    accessor,
    purpose,
    decision,
    new Date(openedAt * 1_000).toISOString(),
    recordId,
    transactionHash,
  ].join(', ');
}
