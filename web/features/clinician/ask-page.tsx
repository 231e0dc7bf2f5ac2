'use client';

import { ChainError, patientAt, type Role, requestConsent } from '@chartkey/sdk';
import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { EmptyState, Page } from '../../ui/index.ts';
import { emptyScope, ScopeFields, scopeToChain, useConsentWords } from '../consent/index.ts';
import { PatientField, parsePatient } from '../patient-number/index.ts';
import { SignButton, useReader } from '../session/index.ts';
import { RequireProvider } from './require-provider.tsx';

export function AskPage() {
  const t = useTranslations('clinician');
  return (
    <RequireProvider title={t('askForAccess')}>
      {({ provider }) => <Ask role={provider.role} />}
    </RequireProvider>
  );
}

function Ask({ role }: { readonly role: Role }) {
  const { describeScope, scopeProblem } = useConsentWords();
  const t = useTranslations('clinician');
  const reader = useReader();
  const asked = useSearchParams().get('patient') ?? '';
  const [text, setText] = useState(asked);
  const [draft, setDraft] = useState(() => emptyScope(role));
  const [sent, setSent] = useState(false);
  const named = parsePatient(text);
  const problem = named === undefined ? t('enterAPatientNumber') : scopeProblem(draft);
  const consent = scopeToChain(draft);

  if (sent) {
    return (
      <Page title={t('askForAccess')}>
        <EmptyState icon={<IconCircleCheck />} title={t('requestSent')} text={t('thePatientSeesItAt')}>
          <Group>
            <Button component={Link} href="/clinician">
              {t('goToToday')}
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setSent(false);
                setText('');
              }}
            >
              {t('askAnotherPatient')}
            </Button>
          </Group>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title={t('askForAccess')} lead={t('askingOpensNothingThePatient')}>
      <Card>
        <Stack gap="md">
          <PatientField
            label={t('patientNumber')}
            description={t('asThePatientGaveIt')}
            value={text}
            onChange={setText}
            error={text.trim() !== '' && named === undefined ? t('aPatientNumberLooksLike') : undefined}
          />
          <ScopeFields draft={draft} onChange={setDraft} />
          {named === undefined || problem !== undefined ? (
            <Group>
              <Button disabled>{t('ask')}</Button>
              <Text size="sm" c="dimmed">
                {problem}
              </Text>
            </Group>
          ) : (
            <SignButton
              signs={t('youAskThisPatientTo', { scope: describeScope(consent) })}
              action={async (client) => {
                const patient = 'pid' in named ? await patientAt(reader, named) : named.patient;
                if (!patient) throw unknownPatient();
                return requestConsent(client, { ...consent, patient });
              }}
              onDone={() => setSent(true)}
            >
              {t('ask')}
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
