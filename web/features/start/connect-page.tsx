'use client';

import { Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import Link from 'next/link';
import { EmptyState, Page, shortAddress } from '../../ui/index.ts';
import { ConnectPanel, SwitchNetwork, useSession } from '../session/index.ts';

export function ConnectPage() {
  const session = useSession();
  return (
    <Page title="Connect" lead="Your wallet is the key that says it is you.">
      {session.address === undefined ? (
        <Stack maw={480}>
          <ConnectPanel />
        </Stack>
      ) : session.wrongNetwork ? (
        <SwitchNetwork />
      ) : (
        <EmptyState
          icon={<IconCircleCheck />}
          title="Connected"
          text={`This page knows you as ${shortAddress(session.address)}.`}
        >
          <Next />
        </EmptyState>
      )}
    </Page>
  );
}

function Next() {
  const { patient, provider, managedAreas, status } = useSession();
  if (status !== 'ready') return <Text c="dimmed">One moment…</Text>;
  const known = patient !== undefined || provider !== undefined || managedAreas.length > 0;
  return (
    <Group justify="center">
      {patient !== undefined && (
        <Button component={Link} href="/patient">
          Go to my chart
        </Button>
      )}
      {provider !== undefined && (
        <Button component={Link} href="/clinician">
          Go to my patients
        </Button>
      )}
      {managedAreas.length > 0 && (
        <Button component={Link} href="/manager">
          Go to the providers
        </Button>
      )}
      {!known && (
        <>
          <Button component={Link} href="/patient/enrol">
            I am a patient
          </Button>
          <Button variant="default" component={Link} href="/clinician/register">
            I am a provider
          </Button>
        </>
      )}
    </Group>
  );
}
