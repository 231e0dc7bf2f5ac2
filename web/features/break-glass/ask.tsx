'use client';

import { EMERGENCY_REASONS, type EmergencyReason, requestEmergency } from '@chartkey/sdk';
import { Button, Card, Checkbox, Group, List, Modal, Radio, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Address } from 'viem';
import { ErrorNotice, Loading, Person } from '../../ui/index.ts';
import type { ProviderSession } from '../clinician/index.ts';
import { useEmergencies, useEmergencySet } from '../emergency/index.ts';
import { PatientField, parsePatient, usePatient } from '../patient-number/index.ts';
import { SignButton } from '../session/index.ts';

const REASONS = EMERGENCY_REASONS.filter((reason) => reason !== 'None');

type AskProps = {
  readonly session: ProviderSession;
  /** A card's text or a patient's number that led here; empty for none. */
  readonly first: string;
};

/** Who, why, what follows; then a second question; then one signature. */
export function AskForEmergency({ session, first }: AskProps) {
  const t = useTranslations('breakGlass');
  const [text, setText] = useState(first);
  const named = parsePatient(text);
  const { patient, error } = usePatient(named);
  const wrong = text.trim() !== '' && named === undefined;
  return (
    <Card component="section" aria-label={t('askForIt')}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('whichPatient')}
        </Title>
        <PatientField
          label={t('cardOrNumber')}
          description={t('scanTheCard')}
          value={text}
          onChange={setText}
          error={wrong ? t('neitherCardNorNumber') : undefined}
        />
        {error !== undefined && error !== null && <ErrorNotice error={error} />}
        {named && patient === undefined && !error && <Loading what={t('lookingUpThePatient')} />}
        {named && patient === null && (
          <Text role="status" c="var(--mantine-color-orange-light-color)">
            {t('noPatientHasThisCard')}
          </Text>
        )}
        {named && patient && <Found key={patient} session={session} patient={patient} />}
      </Stack>
    </Card>
  );
}

type FoundProps = { readonly session: ProviderSession; readonly patient: Address };

function Found({ session, patient }: FoundProps) {
  const t = useTranslations('breakGlass');
  const { marked, error, retry } = useEmergencySet(patient);
  const { list } = useEmergencies({ requester: session.address });
  const live = list.find((one) => one.patient === patient && one.state === 'standing');
  return (
    <>
      <Person
        address={patient}
        kind={t('patient')}
        detail={marked && marked.length > 0 ? t('markedForEmergencies', { count: marked.length }) : undefined}
      />
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {marked === undefined && !error && <Loading what={t('lookingUpThePatient')} />}
      {live && (
        <Group>
          <Text role="status">{t('youHaveItAlready')}</Text>
          <Button component={Link} href={`/clinician/chart/${patient}`} color="red">
            {t('openTheChart')}
          </Button>
        </Group>
      )}
      {marked?.length === 0 && (
        <Stack gap="xs" role="status">
          <Text c="var(--mantine-color-orange-light-color)">{t('nothingIsMarked')}</Text>
          <div>
            <Button component={Link} href={`/clinician/ask?patient=${patient}`} variant="default">
              {t('askForAccess')}
            </Button>
          </div>
        </Stack>
      )}
      {!live && marked && marked.length > 0 && <Why patient={patient} />}
    </>
  );
}

const FOLLOWS = ['yourNameStands', 'patientSeesAtOnce', 'othersConfirm', 'somebodyReviews'] as const;

function Why({ patient }: { readonly patient: Address }) {
  const t = useTranslations('breakGlass');
  const te = useTranslations('emergency');
  const [reason, setReason] = useState<EmergencyReason>();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Radio.Group
        label={t('why')}
        description={t('theReasonIsPublic')}
        value={reason ?? null}
        onChange={(value) => setReason(value as EmergencyReason)}
      >
        <Stack gap="xs" mt={8}>
          {REASONS.map((one) => (
            <Radio key={one} value={one} label={te(`reasons.${one}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <div>
        <Text fw={600}>{t('whatFollows')}</Text>
        <List spacing={4} size="sm" mt={4}>
          {FOLLOWS.map((line) => (
            <List.Item key={line}>{t(line)}</List.Item>
          ))}
        </List>
      </div>
      <Group gap="sm">
        <Button
          color="red"
          leftSection={<IconAlertTriangle size={18} aria-hidden />}
          disabled={reason === undefined}
          onClick={() => setAsking(true)}
        >
          {t('breakTheGlassDots')}
        </Button>
        {reason === undefined && (
          <Text size="sm" c="dimmed">
            {t('chooseAReason')}
          </Text>
        )}
      </Group>
      {asking && reason && <Sure patient={patient} reason={reason} onClose={() => setAsking(false)} />}
    </>
  );
}

type SureProps = {
  readonly patient: Address;
  readonly reason: EmergencyReason;
  readonly onClose: () => void;
};

/** The second question: a tick that says what it is, then the signature. */
function Sure({ patient, reason, onClose }: SureProps) {
  const t = useTranslations('breakGlass');
  const te = useTranslations('emergency');
  const router = useRouter();
  const [sure, setSure] = useState(false);
  return (
    <Modal opened onClose={onClose} title={t('isThisAnEmergency')}>
      <Stack gap="md">
        <Person address={patient} kind={t('patient')} detail={te(`reasons.${reason}`)} />
        <Text size="sm">{t('unjustifiedSuspends')}</Text>
        <Checkbox
          label={t('iTreatThisPatientNow')}
          checked={sure}
          onChange={({ currentTarget: { checked } }) => setSure(checked)}
        />
        <SignButton
          signs={t('signsAsk')}
          action={(client) => requestEmergency(client, { patient, reason })}
          onDone={({ emergencyId }) => router.push(`/clinician/emergency/${emergencyId}`)}
          disabled={!sure}
          button={{ color: 'red' }}
          beside={
            <Button variant="default" onClick={onClose}>
              {t('noGoBack')}
            </Button>
          }
        >
          {t('yesAskForIt')}
        </SignButton>
      </Stack>
    </Modal>
  );
}
