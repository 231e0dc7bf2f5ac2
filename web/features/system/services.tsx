'use client';

import { Alert, Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { ServiceHealth } from '../../server/health.ts';
import { type Service, type System, useSystem } from './use-services.ts';

/** Every service, whether it is up, how far behind, which version. */
export function Services() {
  const system = useSystem();
  const { chain, others, keepers } = system;
  return (
    <Stack gap="lg">
      <Overall system={system} />
      <List title="Network" services={[chain, ...others]} block={chain.block} />
      <List
        title={keepers.epoch === 0 ? 'Keepers' : `Keepers, set ${keepers.epoch}`}
        services={keepers.services}
      />
    </Stack>
  );
}

/** What it means for people who want to work now. */
function Overall({ system: { chain, others, keepers } }: { readonly system: System }) {
  const asked = [chain, ...others, ...keepers.services];
  if (keepers.services.length === 0 || asked.some(({ health }) => health === undefined)) return null;
  const up = keepers.services.filter(({ health }) => health?.state === 'up').length;
  const storage = others.find(({ name }) => name === 'Storage')?.health?.state;
  const counted = `${up} of ${keepers.services.length} keepers are up, ${keepers.threshold} are needed.`;
  const opens = chain.health?.state === 'up' && storage !== 'down' && up >= keepers.threshold;
  return (
    <Alert
      variant="light"
      color={opens ? 'teal' : 'red'}
      icon={opens ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={opens ? 'Records can be shared and opened' : 'Records can’t be opened now'}
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
};

function List({ title, services, block }: ListProps) {
  if (services.length === 0) return null;
  return (
    <Card component="section" aria-label={title}>
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {services.map((service) => (
          <Group
            key={service.name}
            component="li"
            justify="space-between"
            align="flex-start"
            wrap="nowrap"
            data-testid={`service-${service.name}`}
          >
            <div style={{ minWidth: 0 }}>
              <Text fw={600}>{service.name}</Text>
              <Text size="sm" c="dimmed">
                {detailOf(service, block)}
              </Text>
            </div>
            <State health={service.health} />
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

function detailOf({ name, does, health }: Service, block: bigint | undefined): string {
  const parts = [
    does,
    health?.why?.replace(/\.$/, ''),
    name === 'Chain' && block !== undefined ? `block ${block.toLocaleString('en-GB')}` : undefined,
    health?.version && `version ${health.version}`,
  ];
  return parts.filter(Boolean).join(' · ');
}

const STATES: Readonly<Record<ServiceHealth['state'], { readonly text: string; readonly color: string }>> = {
  up: { text: 'Up', color: 'teal' },
  unready: { text: 'Not ready', color: 'orange' },
  down: { text: 'Down', color: 'red' },
  absent: { text: 'Not set up', color: 'gray' },
};

function State({ health }: { readonly health: ServiceHealth | undefined }) {
  const { text, color } = health ? STATES[health.state] : { text: 'Asking…', color: 'gray' };
  return (
    <Badge variant="light" tt="none" color={color} style={{ flexShrink: 0 }}>
      {text}
    </Badge>
  );
}
