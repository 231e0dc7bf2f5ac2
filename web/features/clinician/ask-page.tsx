'use client';

import { ChainError, patientAt, requestConsent } from '@chartkey/sdk';
import { Button, Card, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import Link from 'next/link';
import { useState } from 'react';
import type { Hex } from 'viem';
import { EmptyState, Page } from '../../ui/index.ts';
import { describeScope, emptyScope, ScopeFields, scopeProblem, scopeToChain } from '../consent/index.ts';
import { SignButton, useReader } from '../session/index.ts';
import { RequireProvider } from './require-provider.tsx';

export function AskPage() {
  return <RequireProvider title="Ask for access">{() => <Ask />}</RequireProvider>;
}

function Ask() {
  const reader = useReader();
  const [text, setText] = useState('');
  const [draft, setDraft] = useState(emptyScope);
  const [sent, setSent] = useState(false);
  const named = parsePatientNumber(text);
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
          <TextInput
            label="Patient number"
            description="As the patient gave it to you: <area, number>"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            error={
              text.trim() !== '' &&
              named === undefined &&
              'A patient number looks like <1, 0x…> with 64 digits.'
            }
            autoComplete="off"
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
                const patient = await patientAt(reader, named);
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

/** `<1, 0x…>`, with or without the brackets. */
function parsePatientNumber(text: string): { readonly area: number; readonly pid: Hex } | undefined {
  const match = /^\s*<?\s*(\d{1,10})\s*,\s*(0x[0-9a-fA-F]{64})\s*>?\s*$/.exec(text);
  const [, area, pid] = match ?? [];
  if (area === undefined || pid === undefined || Number(area) > 4_294_967_295) return undefined;
  return { area: Number(area), pid: pid as Hex };
}
