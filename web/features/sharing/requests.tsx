'use client';

import { amendConsent, type ConsentRequest, declineRequest, grantConsent, requestsOf } from '@chartkey/sdk';
import { Button, Card, Collapse, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Address } from 'viem';
import { clampToFolders, describeScope, ScopeFields, scopeProblem, scopeToChain } from '../consent/index.ts';
import { useFolders } from '../folders/index.ts';
import { ProviderLine } from '../people/index.ts';
import { SignButton, useReader } from '../session/index.ts';
import { useConsents } from './use-consents.ts';

export function useRequests(patient: Address): {
  readonly pending: readonly ConsentRequest[];
  readonly answered: readonly ConsentRequest[];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
} {
  const reader = useReader();
  const query = useQuery({
    queryKey: ['requests', patient],
    queryFn: () => requestsOf(reader, { patient }),
    refetchInterval: 5_000,
  });
  const all = query.data ?? [];
  return {
    pending: all.filter(({ state }) => state === 'pending'),
    answered: all.filter(({ state }) => state !== 'pending'),
    isPending: query.isPending,
    error: query.data ? undefined : query.error,
    retry: () => void query.refetch(),
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
  const { accessor } = request;
  const { list } = useConsents(patient);
  const folders = useFolders(patient);
  const [draft, setDraft] = useState(() => clampToFolders(request));
  const [changing, setChanging] = useState(false);
  const problem = scopeProblem(draft);
  const consent = scopeToChain(draft);
  const stands = list.some((given) => given.accessor.toLowerCase() === accessor.toLowerCase());
  return (
    <Card component="section" aria-label="Request for access">
      <Stack gap="sm">
        <ProviderLine address={accessor} detail="asks to read your records" />
        <Text>{problem ?? describeScope(consent, folders.nameOf)}</Text>
        <Collapse expanded={changing}>
          {changing && <ScopeFields draft={draft} onChange={setDraft} withWrite folders={folders.saved} />}
        </Collapse>
        <SignButton
          signs={`this account may read ${describeScope(consent, folders.nameOf)}.`}
          disabled={problem !== undefined}
          action={(client) =>
            stands ? amendConsent(client, { accessor, consent }) : grantConsent(client, { accessor, consent })
          }
          beside={
            <Button variant="default" onClick={() => setChanging(!changing)} aria-expanded={changing}>
              {changing ? 'Done changing' : 'Change what is shared'}
            </Button>
          }
        >
          Give access
        </SignButton>
        <Group>
          <Decline accessor={accessor} />
        </Group>
      </Stack>
    </Card>
  );
}

function Decline({ accessor }: { readonly accessor: Address }) {
  const [sure, setSure] = useState(false);
  if (!sure) {
    return (
      <Button variant="subtle" color="gray" c="dimmed" size="compact-sm" onClick={() => setSure(true)}>
        Decline…
      </Button>
    );
  }
  return (
    <SignButton
      signs="you turn this request down."
      action={(client) => declineRequest(client, { accessor })}
      button={{ variant: 'default' }}
    >
      Decline
    </SignButton>
  );
}
