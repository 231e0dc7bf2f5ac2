'use client';

import { Alert, Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { Translate } from '../../i18n/messages.ts';
import type { ServiceHealth } from '../../server/health.ts';
import { type Said, useSaid, useWords, type Words } from '../../ui/index.ts';
import { type Service, type System, useSystem } from './use-services.ts';

/** Every service, whether it is up, how far behind, which version. */
export function Services() {
  const t = useTranslations('system');
  const system = useSystem();
  const { chain, others, keepers } = system;
  return (
    <Stack gap="lg">
      <Overall system={system} />
      <List title={t('network')} services={[chain, ...others]} block={chain.block} />
      <List
        title={keepers.epoch === 0 ? t('keepers') : t('keepersSet', { epoch: keepers.epoch })}
        services={keepers.services}
      />
    </Stack>
  );
}

/** Storage alone, under a heading and a text of whoever shows it. */
export function StorageHealth({ title, text }: { readonly title: string; readonly text: string }) {
  const { others } = useSystem();
  return <List title={title} text={text} services={others.filter(({ id }) => id === 'storage')} />;
}

/** What it means for people who want to work now. */
function Overall({ system: { chain, others, keepers } }: { readonly system: System }) {
  const t = useTranslations('system');
  const asked = [chain, ...others, ...keepers.services];
  if (keepers.services.length === 0 || asked.some(({ health }) => health === undefined)) return null;
  const up = keepers.services.filter(({ health }) => health?.state === 'up').length;
  const storage = others.find(({ id }) => id === 'storage')?.health?.state;
  const counted = t('ofKeepersAreUpAre', { up, all: keepers.services.length, threshold: keepers.threshold });
  const opens = chain.health?.state === 'up' && storage !== 'down' && up >= keepers.threshold;
  return (
    <Alert
      variant="light"
      color={opens ? 'teal' : 'red'}
      icon={opens ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={opens ? t('recordsCanBeSharedAnd') : t('recordsCantBeOpenedNow')}
      role="status"
    >
      {counted}
    </Alert>
  );
}

type ListProps = {
  readonly title: string;
  readonly services: readonly Service[];
  readonly block?: bigint | undefined;
  readonly text?: string;
};

function List({ title, services, block, text }: ListProps) {
  const t = useTranslations('system');
  const words = useWords();
  const said = useSaid();
  if (services.length === 0) return null;
  return (
    <Card component="section" aria-label={title}>
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      {text && <Text mb="sm">{text}</Text>}
      <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {services.map((service) => (
          <Group
            key={service.id}
            component="li"
            justify="space-between"
            align="flex-start"
            wrap="nowrap"
            data-testid={`service-${service.name}`}
          >
            <div style={{ minWidth: 0 }}>
              <Text fw={600}>{service.name}</Text>
              <Text size="sm" c="dimmed">
                {detailOf({ t, words, said }, service, block)}
              </Text>
            </div>
            <State health={service.health} />
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

function detailOf(
  { t, words, said }: { readonly t: Translate<'system'>; readonly words: Words; readonly said: Said },
  { id, does, health }: Service,
  block: bigint | undefined,
): string {
  const parts = [
    does,
    health?.why && said(health.why).replace(/\.$/, ''),
    id === 'chain' && block !== undefined ? t('block', { block: words.number(block) }) : undefined,
    health?.version && t('version', { version: health.version }),
  ];
  return parts.filter(Boolean).join(' · ');
}

const COLORS: Readonly<Record<ServiceHealth['state'], string>> = {
  up: 'teal',
  unready: 'orange',
  down: 'red',
  absent: 'gray',
};

function State({ health }: { readonly health: ServiceHealth | undefined }) {
  const t = useTranslations('system');
  const color = health ? COLORS[health.state] : 'gray';
  const text = health ? t(`states.${health.state}`) : t('asking');
  return (
    <Badge variant="light" tt="none" color={color} style={{ flexShrink: 0 }}>
      {text}
    </Badge>
  );
}
