'use client';

import type { Alert } from '@chartkey/sdk';
import { Anchor, Card, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconBellRinging, IconServerOff } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useCallback, useMemo, useRef, useState } from 'react';
import { EmptyState, ErrorNotice, Loading, Page, useWords } from '../../ui/index.ts';
import { ProviderLine } from '../people/index.ts';
import { dayOf, NO_FILTER } from './filter.ts';
import { RuleCard } from './rule-card.tsx';
import { keyOf, RULE_NAMES, type RuleSets, ruleSetsFrom } from './rule-choice.ts';
import { logHref } from './use-filter.ts';
import { useWatching, type Watching } from './use-watching.ts';
import { postAlert } from './webhook.ts';
import { type Sent, WebhookCard } from './webhook-card.tsx';

const PERIODS = { now: 0, day: 86_400, week: 7 * 86_400 } as const;
type SincePeriod = keyof typeof PERIODS;

/** Rules that look at what happens for as long as this page is open. */
export function WatchingPage() {
  const t = useTranslations('auditor');
  const [kept, setKept] = useLocalStorage<unknown>({ key: 'chartkey.rules', defaultValue: null });
  const sets = useMemo(() => ruleSetsFrom(kept), [kept]);
  const [opened] = useState(() => Math.floor(Date.now() / 1_000));
  const [period, setPeriod] = useState<SincePeriod>('day');
  const [sent, setSent] = useState<Sent>({ delivered: 0, failed: 0 });
  const hook = useRef<string | undefined>(undefined);
  const send = useCallback(async (alert: Alert) => {
    if (hook.current === undefined) return;
    const isTaken = await postAlert(hook.current, alert);
    setSent(({ delivered, failed }) =>
      isTaken ? { delivered: delivered + 1, failed } : { delivered, failed: failed + 1 },
    );
  }, []);
  const watching = useWatching({ sets, since: opened - PERIODS[period] }, send);
  return (
    <Page title={t('watching')} lead={t('rulesThatLook')}>
      <Group gap="sm">
        <SegmentedControl
          data={(Object.keys(PERIODS) as SincePeriod[]).map((value) => ({
            value,
            label: t(`since.${value}`),
          }))}
          value={period}
          onChange={(value) => setPeriod(value as SincePeriod)}
          aria-label={t('findingsSince')}
        />
      </Group>
      <Found watching={watching} />
      <Rules sets={sets} onChange={setKept} />
      <WebhookCard
        sent={sent}
        onUse={(url) => {
          hook.current = url;
          // What is on the page was found before there was anybody to tell.
          if (url !== undefined) for (const alert of watching.found) void send(alert);
        }}
      />
    </Page>
  );
}

function Rules({ sets, onChange }: { readonly sets: RuleSets; readonly onChange: (sets: RuleSets) => void }) {
  const t = useTranslations('auditor');
  return (
    <Stack gap="xs" component="section" aria-label={t('rulesTitle')}>
      <Title order={2} size="h5">
        {t('rulesTitle')}
      </Title>
      <Card padding={0}>
        {RULE_NAMES.map((name) => (
          <RuleCard
            key={name}
            name={name}
            set={sets[name]}
            onChange={(set) => onChange({ ...sets, [name]: set })}
          />
        ))}
      </Card>
      <Text size="sm" c="dimmed">
        {t('rulesAreKeptHere')}
      </Text>
    </Stack>
  );
}

function Found({ watching: { found, lookedAt, hasIndex, error } }: { readonly watching: Watching }) {
  const t = useTranslations('auditor');
  const words = useWords();
  if (hasIndex === false)
    return <EmptyState icon={<IconServerOff />} title={t('noIndexToWatch')} text={t('rulesNeedAnIndex')} />;
  return (
    <Stack gap="xs" component="section" aria-label={t('findings')}>
      <Group justify="space-between" gap="xs">
        <Title order={2} size="h5">
          {t('findings')}
        </Title>
        {lookedAt !== undefined && (
          <Text size="sm" c="dimmed">
            {t('lookedAt', { time: words.clock(lookedAt) })}
          </Text>
        )}
      </Group>
      {error !== undefined && <ErrorNotice error={error} />}
      {lookedAt === undefined && error === undefined && <Loading what={t('looking')} />}
      {lookedAt !== undefined && found.length === 0 && (
        <EmptyState icon={<IconBellRinging />} title={t('nothingFound')} text={t('whatARuleFinds')} />
      )}
      {found.length > 0 && (
        <Card padding={0}>
          {found.map((alert) => (
            <Finding key={keyOf(alert)} alert={alert} />
          ))}
        </Card>
      )}
    </Stack>
  );
}

function Finding({ alert: { rule, accessor, at, count } }: { readonly alert: Alert }) {
  const t = useTranslations('auditor');
  const words = useWords();
  const day = dayOf(at);
  return (
    <Group className="ck-row" justify="space-between" px="lg" py="sm" gap="sm" data-finding={rule}>
      <ProviderLine
        address={accessor as `0x${string}`}
        detail={`${t(`rules.${rule}`)} · ${t('counted', { count })} · ${words.dateTime(at)}`}
      />
      <Anchor
        component={Link}
        href={logHref({
          ...NO_FILTER,
          accessor,
          ...(rule !== 'emergency-unreviewed' && { from: day, until: day }),
        })}
        size="sm"
      >
        {t('seeThem')}
      </Anchor>
    </Group>
  );
}
