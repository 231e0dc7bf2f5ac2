'use client';

import { changePublicKey } from '@chartkey/sdk';
import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconLockOpen } from '@tabler/icons-react';
import { useState } from 'react';
import { ErrorNotice, Page, shortAddress } from '../../ui/index.ts';
import { type PatientSession, RequirePatient, SignButton } from '../session/index.ts';
import { knowsPasskeys, UnlockPanel, useVault } from '../vault/index.ts';
import { AddPasskey } from './add-passkey.tsx';
import { type MadeKey, MakeKey } from './make-key.tsx';
import { MoveRecords } from './move-records.tsx';

export function KeysPage() {
  return <RequirePatient title="My key">{(session) => <Keys session={session} />}</RequirePatient>;
}

/** What is being made: a passkey, a key under the same kit, one with a new kit, or one after everything was lost. */
type Plan = 'passkey' | 'same-kit' | 'new-kit' | 'lost';

function Keys({ session }: { readonly session: PatientSession }) {
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
      title="My key"
      lead="Your records are sealed to a key that only you have. Your passkey and your recovery kit open it."
      actions={
        unlocked && (
          <Button variant="default" leftSection={<IconLockOpen size={16} aria-hidden />} onClick={vault.lock}>
            Lock
          </Button>
        )
      }
    >
      {finished && (
        <Alert
          variant="light"
          icon={<IconCircleCheck aria-hidden />}
          role="status"
          title={finished === 'passkey' ? 'Your new passkey opens your chart' : 'Your new key is in use'}
        >
          {finished === 'passkey'
            ? 'So do your kit and the passkeys that you had.'
            : 'New records are sealed to it from now on.'}
        </Alert>
      )}
      {plan === undefined && (
        <UnlockPanel patient={patient} text="Unlock to make a new key or to move records to it." />
      )}
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
          title={plan === 'lost' ? 'A new key from the start' : 'A new key with a new kit'}
          from={plan === 'lost' ? 'nothing' : 'unlocked'}
          passkeyName={`Chartkey ${shortAddress(address)}`}
          made={made}
          onMade={setMade}
        />
      )}
      {plan !== undefined && made && (
        <Card component="section" aria-label={plan === 'passkey' ? 'Use the passkey' : 'Use the new key'}>
          <SignButton
            signs={
              plan === 'passkey'
                ? 'this passkey opens your key too.'
                : 'records of yours are sealed to this new key from now on.'
            }
            disabled={made.recoveryCode !== undefined && !made.kept}
            action={async (client) => {
              await vault.publishKey(patient);
              await changePublicKey(client, { publicKeyHash: made.keyHash });
              await vault.adoptKey(patient);
            }}
            onDone={finish}
            beside={
              <Button variant="default" onClick={() => begin(undefined)}>
                Cancel
              </Button>
            }
          >
            {plan === 'passkey' ? 'Use the passkey' : 'Use the new key'}
          </SignButton>
        </Card>
      )}
      {(plan === 'new-kit' || plan === 'lost') && !made && (
        <Group>
          <Button variant="default" onClick={() => begin(undefined)}>
            Cancel
          </Button>
        </Group>
      )}
    </Page>
  );
}

type OnPlan = { readonly onPlan: (plan: Plan) => void };

function MorePasskeys({ onPlan }: OnPlan) {
  return (
    <Card component="section" aria-label="Another passkey">
      <Group justify="space-between" gap="sm">
        <Text maw={460}>Another device, or no passkey yet? Add one beside what opens your key now.</Text>
        <Button variant="default" onClick={() => onPlan('passkey')}>
          Add a passkey
        </Button>
      </Group>
    </Card>
  );
}

function Renew({ onPlan }: OnPlan) {
  return (
    <Card component="section" aria-label="Make a new key">
      <Stack gap="sm">
        <Title order={2} size="h4">
          Make a new key
        </Title>
        <Text>
          If somebody may have used your unlocked device, a new key under the same kit is enough. If somebody
          may have seen your recovery kit, make a new kit too: the old one then opens nothing that is added
          from now on.
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={() => onPlan('same-kit')}>
            New key, same kit
          </Button>
          <Button variant="default" onClick={() => onPlan('new-kit')}>
            New key and new kit
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          What somebody read with the old key can’t be taken back.
        </Text>
      </Stack>
    </Card>
  );
}

function Lost({ onPlan }: OnPlan) {
  return (
    <Card component="section" aria-label="Neither passkey nor kit">
      <Stack gap="sm">
        <Title order={2} size="h4">
          I have neither passkey nor kit
        </Title>
        <Text>
          Nothing is lost while you have your wallet. Make a new key; the keepers then open your records for
          you, which stands in your log, and each record moves to the new key.
        </Text>
        <Group>
          <Button variant="default" onClick={() => onPlan('lost')}>
            Start with a new key
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
    <Card component="section" aria-label="A new key under the same kit">
      <Stack gap="sm">
        <Title order={2} size="h4">
          A new key under the same kit
        </Title>
        <Text>{made ? 'Your new key is made.' : 'Your passkey and your kit stay what they are.'}</Text>
        {!made && (
          <Group gap="xs">
            <Button onClick={() => void make()} loading={busy}>
              Make it
            </Button>
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          </Group>
        )}
        {error !== undefined && <ErrorNotice error={error} onRetry={() => void make()} />}
      </Stack>
    </Card>
  );
}
