'use client';

import { Alert, Text } from '@mantine/core';
import { IconCircleCheck, IconShieldX } from '@tabler/icons-react';
import { dateTimeInWords, TechnicalDetails } from '../../ui/index.ts';
import { logStatus } from './status.ts';
import type { ProvenLog } from './use-proven-log.ts';
import { faultInWords, findingInWords } from './words.ts';

/** Of a patient's whole log: green, or red with what is wrong with it. */
export function ProofBanner({ log }: { readonly log: ProvenLog }) {
  const { verdict, block, source, witnessed, findings } = log;
  const isProven = logStatus(log) === 'proven';
  const details = [
    { name: 'Entries', value: `${verdict.entries} of ${verdict.proven.count}` },
    { name: 'Block', value: `${block.number}, ${block.hash}` },
    { name: 'Head in the block', value: verdict.proven.head },
    { name: 'Added up here', value: verdict.recomputed },
    { name: 'Read from', value: source === 'index' ? 'the index' : 'the chain' },
    { name: 'Seen by your wallet', value: witnessed ? 'the same block' : 'not asked, or not known to it' },
    ...findings.map((finding) => ({ name: 'Index', value: findingInWords(finding) })),
  ];
  return (
    <Alert
      variant="light"
      color={isProven ? 'teal' : 'red'}
      icon={isProven ? <IconCircleCheck aria-hidden /> : <IconShieldX aria-hidden />}
      title={isProven ? 'This list is complete' : 'This list is not proven'}
      role={isProven ? 'status' : 'alert'}
      data-proof={logStatus(log)}
    >
      <Text size="sm">
        {isProven
          ? `Nothing is missing, changed or out of order up to ${dateTimeInWords(block.timestamp)}: your browser added up all entries and got what stands on the chain.`
          : `${faultInWords(verdict)} Do not rely on this list; try again later or from another network.`}
      </Text>
      {findings.length > 0 && (
        <Text size="sm" mt={4}>
          The index told it differently, so this list was read from the chain itself.
        </Text>
      )}
      <TechnicalDetails details={details} />
    </Alert>
  );
}
