'use client';

import { describeDecision, type LogEntry } from '@chartkey/sdk';
import { Badge, Divider, Group, Text } from '@mantine/core';
import { Fragment } from 'react';
import type { Address } from 'viem';
import { agoInWords, dateTimeInWords } from '../../ui/index.ts';
import { purposeName } from '../consent/index.ts';
import { ProviderLine } from '../people/index.ts';

type LogEntriesProps = { readonly entries: readonly LogEntry[]; readonly self: Address };

/** Newest first: who, what for, when, and whether they were let in. */
export function LogEntries({ entries, self }: LogEntriesProps) {
  return (
    <div>
      {together(entries).map(({ entry, count }, at) => (
        <Fragment key={entry.sequence}>
          {at > 0 && <Divider />}
          <Group justify="space-between" wrap="nowrap" py="sm" align="flex-start">
            <ProviderLine
              address={entry.accessor}
              self={self}
              detail={
                <>
                  {entry.decision === 'Permit'
                    ? opened(count)
                    : `Tried to open ${count === 1 ? 'a record' : `${count} records`}`}
                  {' · '}
                  {purposeName(entry.purpose)}
                  {' · '}
                  <time
                    dateTime={new Date(entry.openedAt * 1000).toISOString()}
                    title={dateTimeInWords(entry.openedAt)}
                  >
                    {agoInWords(entry.openedAt)}
                  </time>
                  {entry.decision !== 'Permit' && <Text size="sm">{describeDecision(entry.decision)}</Text>}
                </>
              }
            />
            <Badge
              variant="light"
              color={entry.decision === 'Permit' ? 'teal' : 'orange'}
              tt="none"
              style={{ flexShrink: 0 }}
            >
              {entry.decision === 'Permit' ? 'Opened' : 'Refused'}
            </Badge>
          </Group>
        </Fragment>
      ))}
    </div>
  );
}

/** Entries of one opening are one line: same person, same transaction, same outcome. */
function together(
  entries: readonly LogEntry[],
): readonly { readonly entry: LogEntry; readonly count: number }[] {
  const lines = new Map<string, { entry: LogEntry; count: number }>();
  for (const entry of [...entries].reverse()) {
    const key = `${entry.transactionHash}${entry.decision}`;
    const line = lines.get(key);
    if (line) line.count++;
    else lines.set(key, { entry, count: 1 });
  }
  return [...lines.values()];
}

function opened(count: number): string {
  return count === 1 ? 'Opened a record' : `Opened ${count} records`;
}
