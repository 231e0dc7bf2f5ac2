'use client';

import { amendConsent, type ConsentGiven, grantConsent, type ListedProvider } from '@chartkey/sdk';
import { Autocomplete, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type Address, isAddress } from 'viem';
import { shortAddress, useWords } from '../../ui/index.ts';
import { emptyScope, ScopeFields, scopeToChain, useConsentWords } from '../consent/index.ts';
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
  const t = useTranslations('sharing');
  const words = useWords();
  const { describeScope, roleName, scopeProblem } = useConsentWords();
  const { list } = useProviders();
  const [who, setWho] = useState('');
  const [draft, setDraft] = useState(() => emptyScope());
  const verified = list.filter(
    ({ standing, provider }) =>
      standing.status === 'Verified' && provider.toLowerCase() !== self.toLowerCase(),
  );
  const labelOf = ({ provider, application: { role, area } }: ListedProvider) =>
    t('area', { role: roleName(role), area, account: shortAddress(provider) });
  const accessor = addressIn(who, verified, labelOf);
  const known = verified.some(({ provider }) => provider.toLowerCase() === accessor?.toLowerCase());
  const problem = accessor === undefined ? t('chooseWho') : scopeProblem(draft);
  const consent = scopeToChain(draft);
  const stands = given.some((one) => one.accessor.toLowerCase() === accessor?.toLowerCase());
  return (
    <Card component="section" aria-label={t('giveAccess')}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('giveAccess')}
        </Title>
        <Autocomplete
          label={t('who')}
          description={t('chooseAVerifiedProviderOr')}
          data={verified.map(labelOf)}
          value={who}
          onChange={setWho}
          maw={460}
        />
        {accessor !== undefined && <ProviderLine address={accessor} />}
        {accessor !== undefined && !known && (
          <Text size="sm" c="var(--mantine-color-orange-light-color)">
            {t('noManagerHasVerifiedThis')}
          </Text>
        )}
        <Group gap="xs" role="group" aria-label={t('beginWith')}>
          {presetsFor(t, words, folders.saved).map(({ label, scope }) => (
            <Button key={label} size="xs" variant="default" onClick={() => setDraft(scope)}>
              {label}
            </Button>
          ))}
        </Group>
        <ScopeFields draft={draft} onChange={setDraft} withWrite folders={folders.saved} />
        {accessor === undefined || problem !== undefined ? (
          <Group>
            <Button disabled>{t('giveAccess')}</Button>
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Text size="sm" c="dimmed">
              {problem}
            </Text>
          </Group>
        ) : (
          <SignButton
            signs={t('thisAccountMayRead', { scope: describeScope(consent, folders.nameOf) })}
            action={(client) =>
              stands
                ? amendConsent(client, { accessor, consent })
                : grantConsent(client, { accessor, consent })
            }
            onDone={onClose}
            beside={
              <Button variant="default" onClick={onClose}>
                {t('cancel')}
              </Button>
            }
          >
            {t('giveAccess')}
          </SignButton>
        )}
      </Stack>
    </Card>
  );
}

function addressIn(
  text: string,
  verified: readonly ListedProvider[],
  labelOf: (provider: ListedProvider) => string,
): Address | undefined {
  const trimmed = text.trim();
  if (isAddress(trimmed, { strict: false })) return trimmed;
  return verified.find((provider) => labelOf(provider) === trimmed)?.provider;
}
