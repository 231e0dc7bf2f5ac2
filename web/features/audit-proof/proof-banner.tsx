'use client';

import { Alert, List, Text } from '@mantine/core';
import { IconCircleCheck, IconShieldX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { TechnicalDetails, useWords } from '../../ui/index.ts';
import { logStatus } from './status.ts';
import type { ProvenLog } from './use-proven-log.ts';
import { faultInWords, findingInWords } from './words.ts';

/** Of a patient's whole log: green, or red with what is wrong with it. */
export function ProofBanner({ log }: { readonly log: ProvenLog }) {
  const t = useTranslations('auditProof');
  const words = useWords();
  const { verdict, block, source, witnessed, findings } = log;
  const isProven = logStatus(log) === 'proven';
  const details = [
    { name: t('entries'), value: t('of', { read: verdict.entries, all: verdict.proven.count }) },
    { name: t('block'), value: `${block.number}, ${block.hash}` },
    { name: t('headInTheBlock'), value: verdict.proven.head },
    { name: t('addedUpHere'), value: verdict.recomputed },
    { name: t('readFrom'), value: t(source === 'index' ? 'theIndex' : 'theChain') },
    { name: t('seenByYourWallet'), value: t(witnessed ? 'theSameBlock' : 'notAsked') },
    ...findings.map((finding) => ({ name: t('index'), value: findingInWords(t, finding) })),
  ];
  return (
    <>
      <IndexFindings findings={findings} />
      <Alert
        variant="light"
        color={isProven ? 'teal' : 'red'}
        icon={isProven ? <IconCircleCheck aria-hidden /> : <IconShieldX aria-hidden />}
        title={t(isProven ? 'thisListIsComplete' : 'thisListIsNotProven')}
        role={isProven ? 'status' : 'alert'}
        data-proof={logStatus(log)}
      >
        <Text size="sm">
          {isProven
            ? t('nothingIsMissing', { time: words.dateTime(block.timestamp) })
            : t('doNotRely', { fault: faultInWords(t, verdict) })}
        </Text>
        <TechnicalDetails details={details} />
      </Alert>
    </>
  );
}

/** No more than so many are told of; the rest are in the technical details. */
const MAX_TOLD = 5;

/** What the index got wrong, though the list on the page is the chain's own. Late is not wrong. */
function IndexFindings({ findings }: Pick<ProvenLog, 'findings'>) {
  const t = useTranslations('auditProof');
  const wrong = findings.filter(({ kind }) => kind !== 'delayed');
  if (wrong.length === 0) return null;
  return (
    <Alert
      variant="light"
      color="red"
      icon={<IconShieldX aria-hidden />}
      title={t('theIndexIsWrong')}
      role="alert"
      data-proof="index-wrong"
    >
      <Text size="sm">{t('theIndexToldItDifferently')}</Text>
      <List size="sm" mt={4}>
        {wrong.slice(0, MAX_TOLD).map((finding) => (
          <List.Item key={`${finding.kind} ${finding.sequence}`}>
            {t('theIndexDoes', { what: findingInWords(t, finding) })}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
