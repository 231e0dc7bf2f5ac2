'use client';

import { amendConsent, type ConsentRequest, declineRequest, grantConsent } from '@chartkey/sdk';
import { Button, Card, Collapse, Group, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Address } from 'viem';
import { clampToFolders, ScopeFields, scopeToChain, useConsentWords } from '../consent/index.ts';
import { useFolders } from '../folders/index.ts';
import { ProviderLine } from '../people/index.ts';
import { SignButton } from '../session/index.ts';
import { useConsents } from './use-consents.ts';
import { useSharing } from './use-sharing.ts';

export function useRequests(patient: Address): {
  readonly pending: readonly ConsentRequest[];
  readonly answered: readonly ConsentRequest[];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
} {
  const { requests, isPending, error, retry } = useSharing({ patient });
  return {
    pending: requests.filter(({ state }) => state === 'pending'),
    answered: requests.filter(({ state }) => state !== 'pending'),
    ...{ isPending, error, retry },
  };
}

/** Requests to answer where they stand: give what was asked for, give less, or decline. */
export function PendingRequests({ patient }: { readonly patient: Address }) {
  const { pending } = useRequests(patient);
  return (
    <Stack gap="md">
      {pending.map((request) => (
        <RequestCard key={`${request.accessor}${request.blockNumber}`} request={request} patient={patient} />
      ))}
    </Stack>
  );
}

function RequestCard({ request, patient }: { readonly request: ConsentRequest; readonly patient: Address }) {
  const t = useTranslations('sharing');
  const { describeScope, scopeProblem } = useConsentWords();
  const { accessor } = request;
  const { list } = useConsents(patient);
  const folders = useFolders(patient);
  const [draft, setDraft] = useState(() => clampToFolders(request));
  const [changing, setChanging] = useState(false);
  const problem = scopeProblem(draft);
  const consent = scopeToChain(draft);
  const stands = list.some((given) => given.accessor.toLowerCase() === accessor.toLowerCase());
  return (
    <Card component="section" aria-label={t('requestForAccess')}>
      <Stack gap="sm">
        <ProviderLine address={accessor} detail={t('asksToReadYourRecords')} />
        <Text>{problem ?? describeScope(consent, folders.nameOf)}</Text>
        <Collapse expanded={changing}>
          {changing && <ScopeFields draft={draft} onChange={setDraft} withWrite folders={folders.saved} />}
        </Collapse>
        <SignButton
          signs={t('thisAccountMayRead', { scope: describeScope(consent, folders.nameOf) })}
          disabled={problem !== undefined}
          action={(client) =>
            stands ? amendConsent(client, { accessor, consent }) : grantConsent(client, { accessor, consent })
          }
          beside={
            <Button variant="default" onClick={() => setChanging(!changing)} aria-expanded={changing}>
              {changing ? t('doneChanging') : t('changeWhatIsShared')}
            </Button>
          }
        >
          {t('giveAccess')}
        </SignButton>
        <Group>
          <Decline accessor={accessor} />
        </Group>
      </Stack>
    </Card>
  );
}

function Decline({ accessor }: { readonly accessor: Address }) {
  const t = useTranslations('sharing');
  const [sure, setSure] = useState(false);
  if (!sure) {
    return (
      <Button variant="subtle" color="gray" c="dimmed" size="compact-sm" onClick={() => setSure(true)}>
        {t('decline')}
      </Button>
    );
  }
  return (
    <SignButton
      signs={t('youTurnThisRequestDown')}
      action={(client) => declineRequest(client, { accessor })}
      button={{ variant: 'default' }}
    >
      {t('declineNow')}
    </SignButton>
  );
}
