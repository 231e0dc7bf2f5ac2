'use client';

import { changePublicKey } from '@chartkey/sdk';
import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconLockOpen } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { ErrorNotice, Page, shortAddress } from '../../ui/index.ts';
import { type PatientSession, RequirePatient, SignButton } from '../session/index.ts';
import { knowsPasskeys, UnlockPanel, useVault } from '../vault/index.ts';
import { AddPasskey } from './add-passkey.tsx';
import { type MadeKey, MakeKey } from './make-key.tsx';
import { MoveRecords } from './move-records.tsx';

export function KeysPage() {
  const t = useTranslations('keys');
  return (
    <RequirePatient title={t('myKey')} inPerson>
      {(session) => <Keys session={session} />}
    </RequirePatient>
  );
}

/** What is being made: a passkey, a key under the same kit, one with a new kit, or one after everything was lost. */
type Plan = 'passkey' | 'same-kit' | 'new-kit' | 'lost';

function Keys({ session }: { readonly session: PatientSession }) {
  const t = useTranslations('keys');
  const { patient, address } = session;
  const vault = useVault();
  const [plan, setPlan] = useState<Plan>();
  const [made, setMade] = useState<MadeKey>();
  const [finished, setFinished] = useState<Plan>();
  const unlocked = vault.unlocked !== undefined;
  const begin = (next: Plan | undefined) => {
    setPlan(next);
    setMade(undefined);
    setFinished(undefined);
  };
  const finish = () => {
    begin(undefined);
    setFinished(plan);
  };
  return (
    <Page
      title={t('myKey')}
      lead={t('yourRecordsAreSealedTo')}
      actions={
        unlocked && (
          <Button variant="default" leftSection={<IconLockOpen size={16} aria-hidden />} onClick={vault.lock}>
            {t('lock')}
          </Button>
        )
      }
    >
      {finished && (
        <Alert
          variant="light"
          icon={<IconCircleCheck aria-hidden />}
          role="status"
          title={finished === 'passkey' ? t('yourNewPasskeyOpensYour') : t('yourNewKeyIsIn')}
        >
          {finished === 'passkey' ? t('soDoYourKitAnd') : t('newRecordsAreSealedTo')}
        </Alert>
      )}
      {plan === undefined && <UnlockPanel patient={patient} text={t('unlockToMakeANew')} />}
      {unlocked && plan === undefined && <MoveRecords patient={patient} />}
      {plan === undefined && unlocked && knowsPasskeys() && <MorePasskeys onPlan={begin} />}
      {plan === undefined && (unlocked ? <Renew onPlan={begin} /> : <Lost onPlan={begin} />)}
      {plan === 'passkey' && (
        <AddPasskey
          passkeyName={`Chartkey ${shortAddress(address)}`}
          made={made}
          onMade={setMade}
          onCancel={() => begin(undefined)}
        />
      )}
      {plan === 'same-kit' && <SameKit made={made} onMade={setMade} onCancel={() => begin(undefined)} />}
      {(plan === 'new-kit' || plan === 'lost') && (
        <MakeKey
          title={plan === 'lost' ? t('aNewKeyFromThe') : t('aNewKeyWithA')}
          from={plan === 'lost' ? 'nothing' : 'unlocked'}
          passkeyName={`Chartkey ${shortAddress(address)}`}
          made={made}
          onMade={setMade}
        />
      )}
      {plan !== undefined && made && (
        <Card component="section" aria-label={plan === 'passkey' ? t('useThePasskey') : t('useTheNewKey')}>
          <SignButton
            signs={plan === 'passkey' ? t('thisPasskeyOpensYourKey') : t('recordsOfYoursAreSealed')}
            disabled={made.recoveryCode !== undefined && !made.kept}
            action={async (client) => {
              await vault.publishKey(patient);
              await changePublicKey(client, { publicKeyHash: made.keyHash });
              await vault.adoptKey(patient);
            }}
            onDone={finish}
            beside={
              <Button variant="default" onClick={() => begin(undefined)}>
                {t('cancel')}
              </Button>
            }
          >
            {plan === 'passkey' ? t('useThePasskey') : t('useTheNewKey')}
          </SignButton>
        </Card>
      )}
      {(plan === 'new-kit' || plan === 'lost') && !made && (
        <Group>
          <Button variant="default" onClick={() => begin(undefined)}>
            {t('cancel')}
          </Button>
        </Group>
      )}
    </Page>
  );
}

type OnPlan = { readonly onPlan: (plan: Plan) => void };

function MorePasskeys({ onPlan }: OnPlan) {
  const t = useTranslations('keys');
  return (
    <Card component="section" aria-label={t('anotherPasskey')}>
      <Group justify="space-between" gap="sm">
        <Text maw={460}>{t('anotherDeviceOrNoPasskey')}</Text>
        <Button variant="default" onClick={() => onPlan('passkey')}>
          {t('addAPasskey')}
        </Button>
      </Group>
    </Card>
  );
}

function Renew({ onPlan }: OnPlan) {
  const t = useTranslations('keys');
  return (
    <Card component="section" aria-label={t('makeANewKey')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('makeANewKey')}
        </Title>
        <Text>{t('ifSomebodyMayHaveUsed')}</Text>
        <Group gap="xs">
          <Button variant="default" onClick={() => onPlan('same-kit')}>
            {t('newKeySameKit')}
          </Button>
          <Button variant="default" onClick={() => onPlan('new-kit')}>
            {t('newKeyAndNewKit')}
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {t('whatSomebodyReadWithThe')}
        </Text>
      </Stack>
    </Card>
  );
}

function Lost({ onPlan }: OnPlan) {
  const t = useTranslations('keys');
  return (
    <Card component="section" aria-label={t('neitherPasskeyNorKit')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('iHaveNeitherPasskeyNor')}
        </Title>
        <Text>{t('nothingIsLostWhileYou')}</Text>
        <Group>
          <Button variant="default" onClick={() => onPlan('lost')}>
            {t('startWithANewKey')}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

type SameKitProps = {
  readonly made: MadeKey | undefined;
  readonly onMade: (made: MadeKey) => void;
  readonly onCancel: () => void;
};

function SameKit({ made, onMade, onCancel }: SameKitProps) {
  const t = useTranslations('keys');
  const vault = useVault();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const make = async () => {
    setBusy(true);
    setError(undefined);
    try {
      onMade({ ...(await vault.makeKey({ kit: 'keep' })), kept: true });
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card component="section" aria-label={t('aNewKeyUnderThe')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('aNewKeyUnderThe')}
        </Title>
        <Text>{made ? t('yourNewKeyIsMade') : t('yourPasskeyAndYourKit')}</Text>
        {!made && (
          <Group gap="xs">
            <Button onClick={() => void make()} loading={busy}>
              {t('makeIt')}
            </Button>
            <Button variant="default" onClick={onCancel}>
              {t('cancel')}
            </Button>
          </Group>
        )}
        {error !== undefined && <ErrorNotice error={error} onRetry={() => void make()} />}
      </Stack>
    </Card>
  );
}
