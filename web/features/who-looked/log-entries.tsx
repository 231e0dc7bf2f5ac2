'use client';

import { describeDecision, type LogEntry } from '@chartkey/sdk';
import { Badge, Divider, Group, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { Fragment, type ReactNode } from 'react';
import type { Address } from 'viem';
import { useSaid, useWords } from '../../ui/index.ts';
import { useConsentWords } from '../consent/index.ts';
import { ProviderLine } from '../people/index.ts';

type LogEntriesProps = { readonly entries: readonly LogEntry[]; readonly self: Address };

/** Newest first: who, what for, when, and whether they were let in. */
export function LogEntries({ entries, self }: LogEntriesProps) {
  return (
    <div>
      {looksIn(entries).map((look, at) => (
        <Fragment key={look.entry.sequence}>
          {at > 0 && <Divider />}
          <LookLine look={look} self={self} />
        </Fragment>
      ))}
    </div>
  );
}

/** What is one look to a person: entries of one opening, by one person, with one outcome. */
export type Look = { readonly entry: LogEntry; readonly entries: readonly LogEntry[] };

type LookLineProps = { readonly look: Look; readonly self: Address; readonly action?: ReactNode };

export function LookLine({ look: { entry, entries }, self, action }: LookLineProps) {
  const { purposeName } = useConsentWords();
  const t = useTranslations('whoLooked');
  const words = useWords();
  const said = useSaid();
  const permitted = entry.decision === 'Permit';
  return (
    <Group justify="space-between" wrap="nowrap" py="sm" align="flex-start">
      <Stack gap={4}>
        <ProviderLine
          address={entry.accessor}
          self={self}
          detail={
            <>
              {t(permitted ? 'openedRecords' : 'triedToOpen', { count: entries.length })}
              {' · '}
              {purposeName(entry.purpose)}
              {' · '}
              <time
                dateTime={new Date(entry.openedAt * 1000).toISOString()}
                title={words.dateTime(entry.openedAt)}
              >
                {words.ago(entry.openedAt)}
              </time>
              {!permitted && <Text size="sm">{said(describeDecision(entry.decision))}</Text>}
            </>
          }
        />
        {action}
      </Stack>
      <Group gap={4} justify="flex-end" style={{ flexShrink: 0 }}>
        {entry.ground && (
          <Badge
            {...(entry.ground === 'Emergency' ? EMERGENCY_MARK : OTHER_MARK)}
            tt="none"
            data-ground={entry.ground}
          >
            {t(`grounds.${entry.ground}`)}
          </Badge>
        )}
        <Badge variant="light" color={permitted ? 'teal' : 'orange'} tt="none">
          {permitted ? t('opened') : t('refused')}
        </Badge>
      </Group>
    </Group>
  );
}

const EMERGENCY_MARK = { variant: 'filled', color: 'red' } as const;
const OTHER_MARK = { variant: 'light', color: 'gray' } as const;

/** Looks, the newest first. */
export function looksIn(entries: readonly LogEntry[]): readonly Look[] {
  const looks = Map.groupBy([...entries].reverse(), lookOf);
  return [...looks.values()].flatMap((of) => (of[0] ? [{ entry: of[0], entries: of }] : []));
}

function lookOf({ transactionHash, accessor, decision, ground }: LogEntry): string {
  return `${transactionHash}${accessor}${decision}${ground}`;
}
