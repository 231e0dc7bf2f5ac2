'use client';

import {
  amendConsent,
  type ConsentGiven,
  describeRole,
  grantConsent,
  type ListedProvider,
} from '@chartkey/sdk';
import { Autocomplete, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { type Address, isAddress } from 'viem';
import { shortAddress } from '../../ui/index.ts';
import { describeScope, emptyScope, ScopeFields, scopeProblem, scopeToChain } from '../consent/index.ts';
import type { Folders } from '../folders/index.ts';
import { ProviderLine, useProviders } from '../people/index.ts';
import { SignButton } from '../session/index.ts';
import { presetsFor } from './presets.ts';

type GiveAccessProps = {
  readonly onClose: () => void;
  readonly given: readonly ConsentGiven[];
  readonly self: Address;
  readonly folders: Folders;
};

/** Who, what, why, until when; then one signature. */
export function GiveAccess({ onClose, given, self, folders }: GiveAccessProps) {
  const { list } = useProviders();
  const [who, setWho] = useState('');
  const [draft, setDraft] = useState(() => emptyScope());
  const verified = list.filter(
    ({ standing, provider }) =>
      standing.status === 'Verified' && provider.toLowerCase() !== self.toLowerCase(),
  );
  const accessor = addressIn(who, verified);
  const known = verified.some(({ provider }) => provider.toLowerCase() === accessor?.toLowerCase());
  const problem = accessor === undefined ? 'Choose who.' : scopeProblem(draft);
  const consent = scopeToChain(draft);
  const stands = given.some((one) => one.accessor.toLowerCase() === accessor?.toLowerCase());
  return (
    <Card component="section" aria-label="Give access">
      <Stack gap="md">
        <Title order={2} size="h4">
          Give access
        </Title>
        <Autocomplete
          label="Who"
          description="Choose a verified provider, or paste an address"
          data={verified.map(labelOf)}
          value={who}
          onChange={setWho}
          maw={460}
        />
        {accessor !== undefined && <ProviderLine address={accessor} />}
        {accessor !== undefined && !known && (
          <Text size="sm" c="var(--mantine-color-orange-light-color)">
            No manager has verified this account. It can open nothing until one does.
          </Text>
        )}
        <Group gap="xs" role="group" aria-label="Begin with">
          {presetsFor(folders.saved).map(({ label, scope }) => (
            <Button key={label} size="xs" variant="default" onClick={() => setDraft(scope)}>
              {label}
            </Button>
          ))}
        </Group>
        <ScopeFields draft={draft} onChange={setDraft} withWrite folders={folders.saved} />
        {accessor === undefined || problem !== undefined ? (
          <Group>
            <Button disabled>Give access</Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Text size="sm" c="dimmed">
              {problem}
            </Text>
          </Group>
        ) : (
          <SignButton
            signs={`this account may read ${describeScope(consent, folders.nameOf)}.`}
            action={(client) =>
              stands
                ? amendConsent(client, { accessor, consent })
                : grantConsent(client, { accessor, consent })
            }
            onDone={onClose}
            beside={
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
            }
          >
            Give access
          </SignButton>
        )}
      </Stack>
    </Card>
  );
}

function labelOf({ provider, application }: ListedProvider): string {
  return `${describeRole(application.role)}, area ${application.area}, ${shortAddress(provider)}`;
}

function addressIn(text: string, verified: readonly ListedProvider[]): Address | undefined {
  const trimmed = text.trim();
  if (isAddress(trimmed, { strict: false })) return trimmed;
  return verified.find((provider) => labelOf(provider) === trimmed)?.provider;
}
