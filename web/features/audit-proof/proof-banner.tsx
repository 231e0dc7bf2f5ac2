'use client';

import { Alert, Text } from '@mantine/core';
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
      {findings.length > 0 && (
        <Text size="sm" mt={4}>
          {t('theIndexToldItDifferently')}
        </Text>
      )}
      <TechnicalDetails details={details} />
    </Alert>
  );
}
