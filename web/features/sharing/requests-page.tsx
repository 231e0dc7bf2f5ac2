'use client';

import { Badge, Card, Divider, Group, Stack, Title } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { Fragment } from 'react';
import { EmptyState, ErrorNotice, Loading, Page } from '../../ui/index.ts';
import { describeScope } from '../consent/index.ts';
import { useFolders } from '../folders/index.ts';
import { ProviderLine } from '../people/index.ts';
import { type PatientSession, RequirePatient } from '../session/index.ts';
import { PendingRequests, useRequests } from './requests.tsx';

export function RequestsPage() {
  return <RequirePatient title="Requests">{(session) => <Requests session={session} />}</RequirePatient>;
}

function Requests({ session }: { readonly session: PatientSession }) {
  const { pending, answered, isPending, error, retry } = useRequests(session.patient);
  const { nameOf } = useFolders(session.patient);
  return (
    <Page
      title="Requests"
      lead="Providers who ask to read your records. Asking gives them nothing; you decide."
    >
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && !error && <Loading what="Looking for requests…" />}
      {!isPending && pending.length === 0 && !error && (
        <EmptyState
          icon={<IconInbox />}
          title="Nothing to answer"
          text="New requests show here and on your home page."
        />
      )}
      <PendingRequests patient={session.patient} />
      {answered.length > 0 && (
        <Stack gap="xs" component="section" aria-label="Answered">
          <Title order={2} size="h5">
            Answered
          </Title>
          <Card py="xs">
            {answered.map((request, at) => (
              <Fragment key={request.accessor}>
                {at > 0 && <Divider />}
                <Group justify="space-between" py="sm" wrap="nowrap" align="flex-start">
                  <ProviderLine
                    address={request.accessor}
                    detail={`asked for ${describeScope(request, nameOf)}`}
                  />
                  <Badge
                    variant="light"
                    tt="none"
                    color={request.state === 'granted' ? 'teal' : 'gray'}
                    style={{ flexShrink: 0 }}
                  >
                    {request.state === 'granted' ? 'Given' : 'Declined'}
                  </Badge>
                </Group>
              </Fragment>
            ))}
          </Card>
        </Stack>
      )}
    </Page>
  );
}
