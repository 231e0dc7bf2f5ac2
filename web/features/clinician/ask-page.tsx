'use client';

import { ChainError, patientAt, type Role, requestConsent } from '@chartkey/sdk';
import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { EmptyState, Page } from '../../ui/index.ts';
import { describeScope, emptyScope, ScopeFields, scopeProblem, scopeToChain } from '../consent/index.ts';
import { PatientField, parsePatient } from '../patient-number/index.ts';
import { SignButton, useReader } from '../session/index.ts';
import { RequireProvider } from './require-provider.tsx';

export function AskPage() {
  return (
    <RequireProvider title="Ask for access">{({ provider }) => <Ask role={provider.role} />}</RequireProvider>
  );
}

function Ask({ role }: { readonly role: Role }) {
  const reader = useReader();
  const asked = useSearchParams().get('patient') ?? '';
  const [text, setText] = useState(asked);
  const [draft, setDraft] = useState(() => emptyScope(role));
  const [sent, setSent] = useState(false);
  const named = parsePatient(text);
  const problem = named === undefined ? 'Enter a patient number.' : scopeProblem(draft);
  const consent = scopeToChain(draft);

  if (sent) {
    return (
      <Page title="Ask for access">
        <EmptyState
          icon={<IconCircleCheck />}
          title="Request sent"
          text="The patient sees it at once and decides. You will find the answer under Today."
        >
          <Group>
            <Button component={Link} href="/clinician">
              Go to Today
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setSent(false);
                setText('');
              }}
            >
              Ask another patient
            </Button>
          </Group>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page
      title="Ask for access"
      lead="Asking opens nothing. The patient decides what you may read, why, and until when."
    >
      <Card>
        <Stack gap="md">
          <PatientField
            label="Patient number"
            description="As the patient gave it to you: <area, number>"
            value={text}
            onChange={setText}
            error={
              text.trim() !== '' && named === undefined
                ? 'A patient number looks like <1, 0x…> with 64 digits.'
                : undefined
            }
          />
          <ScopeFields draft={draft} onChange={setDraft} />
          {named === undefined || problem !== undefined ? (
            <Group>
              <Button disabled>Ask</Button>
              <Text size="sm" c="dimmed">
                {problem}
              </Text>
            </Group>
          ) : (
            <SignButton
              signs={`you ask this patient to read ${describeScope(consent)}.`}
              action={async (client) => {
                const patient = 'pid' in named ? await patientAt(reader, named) : named.patient;
                if (!patient) throw unknownPatient();
                return requestConsent(client, { ...consent, patient });
              }}
              onDone={() => setSent(true)}
            >
              Ask
            </SignButton>
          )}
        </Stack>
      </Card>
    </Page>
  );
}

function unknownPatient(): ChainError {
  return new ChainError('INPUT_INVALID', 'No patient has this number.', {
    advice: 'Check it with the patient; nothing was sent.',
  });
}
