'use client';

import { describeRole, type Role, registerProvider } from '@chartkey/sdk';
import { Button, Card, NumberInput, Stack, TextInput } from '@mantine/core';
import { IconClockHour4 } from '@tabler/icons-react';
import Link from 'next/link';
import { useState } from 'react';
import { keccak256, toBytes, zeroAddress, zeroHash } from 'viem';
import { EmptyState, Page } from '../../ui/index.ts';
import { RolePicker } from '../consent/index.ts';
import { RequireWallet, type Session, SignButton } from '../session/index.ts';

export function RegisterPage() {
  return (
    <RequireWallet title="Register as a provider">
      {(session) => <Register session={session} />}
    </RequireWallet>
  );
}

const MAX_AREA = 4_294_967_295;

function Register({ session }: { readonly session: Session }) {
  const [role, setRole] = useState<Role>('Clinician');
  const [area, setArea] = useState(1);
  const [credential, setCredential] = useState('');
  if (session.provider !== undefined) {
    return (
      <Page title="Register as a provider">
        <EmptyState
          icon={<IconClockHour4 />}
          title={session.provider.status === 'Applied' ? 'Waiting to be verified' : 'You are registered'}
          text={
            session.provider.status === 'Applied'
              ? 'The manager of your area checks who you are. You can close this page.'
              : 'This wallet is a provider already.'
          }
        >
          <Button component={Link} href="/clinician">
            Go to my patients
          </Button>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page
      title="Register as a provider"
      lead="The manager of your area verifies you. What you enter here is public, except the licence number."
    >
      <Card>
        <Stack gap="md">
          <RolePicker value={role} onChange={setRole} />
          <NumberInput
            label="Area"
            description="The region whose manager verifies you"
            value={area}
            onChange={(value) => setArea(Number(value) || 0)}
            min={0}
            max={MAX_AREA}
            allowDecimal={false}
            maw={200}
            hideControls
          />
          <TextInput
            label="Licence number"
            description="Only a digest of it is published; show the document to the manager."
            value={credential}
            onChange={(event) => setCredential(event.currentTarget.value)}
            maxLength={128}
            maw={320}
            autoComplete="off"
          />
          <SignButton
            signs={`this account applies as ${describeRole(role)} in area ${area}.`}
            action={(client) =>
              registerProvider(client, {
                role,
                area,
                organisation: zeroAddress,
                credentialHash: credential.trim() === '' ? zeroHash : keccak256(toBytes(credential.trim())),
              })
            }
          >
            Register
          </SignButton>
        </Stack>
      </Card>
    </Page>
  );
}
