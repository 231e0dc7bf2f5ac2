'use client';

import { Button, Card, Group, Stack, Text, ThemeIcon, VisuallyHidden } from '@mantine/core';
import {
  IconAddressBook,
  IconAlertTriangle,
  IconEye,
  IconFile,
  IconNetwork,
  IconUserCheck,
  type TablerIcon,
} from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { TechnicalDetails, useSaid, useWords } from '../../ui/index.ts';
import { useProviders } from '../people/index.ts';
import { useNetwork } from '../session/index.ts';
import { contractName } from './contracts.tsx';
import type { ActivityEntry } from './use-activity.ts';
import { type RoleOf, type Say, sayWith, type Topic, tell, topicOf } from './words.ts';

const ICONS: Readonly<Record<Topic, TablerIcon>> = {
  people: IconUserCheck,
  sharing: IconAddressBook,
  records: IconFile,
  openings: IconEye,
  emergencies: IconAlertTriangle,
  network: IconNetwork,
};

type HappenedProps = { readonly entries: readonly ActivityEntry[]; readonly atOnce: number };

/** Transactions, the newest first, each in a sentence or a few. */
export function Happened({ entries, atOnce }: HappenedProps) {
  const t = useTranslations('network');
  const [shown, setShown] = useState(atOnce);
  const roleOf = useRoles();
  if (entries.length === 0) return null;
  return (
    <>
      <Card padding={0} component="ul" m={0} style={{ listStyle: 'none' }} data-testid="activity">
        {entries.slice(0, shown).map((entry, index) => (
          <li
            key={entry.hash}
            style={index === 0 ? {} : { borderTop: '1px solid var(--mantine-color-default-border)' }}
          >
            <Entry entry={entry} roleOf={roleOf} />
          </li>
        ))}
      </Card>
      {entries.length > shown && (
        <Group justify="center">
          <Button variant="default" onClick={() => setShown(shown + atOnce)}>
            {t('showEarlier')}
          </Button>
        </Group>
      )}
    </>
  );
}

function useRoles(): RoleOf {
  const { list } = useProviders();
  const roles = new Map(list.map(({ provider, application }) => [provider.toLowerCase(), application.role]));
  return (address) => roles.get(address.toLowerCase());
}

function Entry({ entry, roleOf }: { readonly entry: ActivityEntry; readonly roleOf: RoleOf }) {
  const t = useTranslations('network');
  const words = useWords();
  const said = useSaid();
  const { deployment } = useNetwork();
  const [first] = entry.events;
  if (!first) return null;
  const Icon = ICONS[topicOf(first)];
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start" p="md">
      <ThemeIcon variant="light" radius="xl" size={34} aria-hidden>
        <Icon size={18} />
      </ThemeIcon>
      <Stack gap={2} style={{ minWidth: 0, flex: 1 }}>
        {sentencesOf(entry, sayWith(t, words, said, roleOf)).map(({ text, times }) => (
          <Text key={text}>
            {text}
            {times > 1 && (
              <Text span c="dimmed">
                {' '}
                <span aria-hidden>× {times}</span>
                <VisuallyHidden>{t('times', { times })}</VisuallyHidden>
              </Text>
            )}
          </Text>
        ))}
        <Text size="sm" c="dimmed" title={words.dateTime(entry.at)}>
          {t('block', { block: words.number(entry.blockNumber), ago: words.ago(entry.at) })}
        </Text>
        <TechnicalDetails
          details={[
            { name: t('transaction'), value: entry.hash },
            { name: t('blockName'), value: `${entry.blockNumber}, ${entry.blockHash}` },
            { name: t('time'), value: new Date(entry.at * 1000).toISOString() },
            ...entry.events.slice(0, MAX_DETAILS).map((event) => ({
              name: t('event', { number: event.logIndex + 1 }),
              value: t('of', {
                event: event.eventName,
                contract: contractName(t, deployment, event.address),
              }),
            })),
          ]}
        />
      </Stack>
    </Group>
  );
}

const MAX_DETAILS = 20;

/** What happened several times in one transaction is said once. */
function sentencesOf({ events }: ActivityEntry, say: Say) {
  const counts = new Map<string, number>();
  for (const event of events) {
    // That a relay carried it is of interest only where nothing else is told, or it failed.
    if (event.eventName === 'ExecutedForwardRequest' && event.args.success && events.length > 1) continue;
    const text = tell(event, say);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, times]) => ({ text, times }));
}
