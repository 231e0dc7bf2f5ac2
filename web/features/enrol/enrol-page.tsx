'use client';

import { commitPid, generatePidSalt, registerPatient } from '@chartkey/sdk';
import { Button, Card, Code, Group, NumberInput, Stack, TextInput, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import Link from 'next/link';
import { useState } from 'react';
import { type Address, bytesToHex } from 'viem';
import { CopyButton, EmptyState, Page, shortAddress, TechnicalDetails } from '../../ui/index.ts';
import { type MadeKey, MakeKey } from '../keys/index.ts';
import { RequireWallet, type Session, SignButton } from '../session/index.ts';
import { useVault } from '../vault/index.ts';

export function EnrolPage() {
  return <RequireWallet title="Set up my chart">{(session) => <Enrol session={session} />}</RequireWallet>;
}

const MAX_AREA = 4_294_967_295;

/** Three steps: who, the key with what opens it, one signature. */
function Enrol({ session }: { readonly session: Session & { readonly address: Address } }) {
  const vault = useVault();
  const [area, setArea] = useState<number>(1);
  const [identifier, setIdentifier] = useState('');
  const [salt] = useState(generatePidSalt);
  const [key, setKey] = useState<MadeKey>();
  const [finished, setFinished] = useState<{ readonly area: number; readonly pid: string }>();

  if (finished) return <Finished area={finished.area} pid={finished.pid} />;
  if (session.patient !== undefined) {
    return (
      <Page title="Set up my chart">
        <EmptyState
          icon={<IconCircleCheck />}
          title="Your chart is set up"
          text="This wallet is registered already."
        >
          <Button component={Link} href="/patient">
            Go to my chart
          </Button>
        </EmptyState>
      </Page>
    );
  }

  return (
    <Page
      title="Set up my chart"
      lead="It takes a minute and one signature. Nobody can see who you are from it."
    >
      <Card component="section" aria-label="Who you are">
        <Stack gap="md">
          <Title order={2} size="h4">
            1. Your number
          </Title>
          <TextInput
            label="A number or name that identifies you"
            description="For example your insurance number. It is mixed with random bytes and never leaves this browser."
            value={identifier}
            onChange={(event) => setIdentifier(event.currentTarget.value)}
            maxLength={256}
            maw={420}
            autoComplete="off"
            readOnly={key !== undefined}
            variant={key ? 'filled' : 'default'}
          />
          <NumberInput
            label="Area"
            description="The region of your health service. If unsure, leave 1."
            value={area}
            onChange={(value) => setArea(Number(value) || 0)}
            min={0}
            max={MAX_AREA}
            allowDecimal={false}
            maw={420}
            readOnly={key !== undefined}
            variant={key ? 'filled' : 'default'}
            hideControls
          />
        </Stack>
      </Card>
      <MakeKey
        title="2. Your key"
        from="nothing"
        passkeyName={`Chartkey ${shortAddress(session.address)}`}
        made={key}
        onMade={setKey}
        disabled={identifier.trim() === ''}
      />
      {key && (
        <Card component="section" aria-label="Register">
          <Stack gap="md">
            <Title order={2} size="h4">
              3. Register
            </Title>
            <SignButton
              signs={`this account is a patient in area ${area}. Your name and number are not in it.`}
              disabled={!key.kept}
              action={async (client) => {
                const pid = commitPid({ area, identifier, salt });
                // Storage has the key before the chain names it, so no author finds it missing.
                await vault.publishKey(session.address);
                await registerPatient(client, { area, pid, publicKeyHash: key.keyHash });
                await vault.adoptKey(session.address);
                return { area, pid };
              }}
              onDone={setFinished}
            >
              Register
            </SignButton>
            <TechnicalDetails
              details={[
                { name: 'Salt', value: bytesToHex(salt) },
                { name: 'Key digest', value: key.keyHash },
              ]}
            />
          </Stack>
        </Card>
      )}
    </Page>
  );
}

function Finished({ area, pid }: { readonly area: number; readonly pid: string }) {
  const name = `<${area}, ${pid}>`;
  return (
    <Page title="Set up my chart">
      <EmptyState
        icon={<IconCircleCheck />}
        title="Your chart is ready"
        text="Give your patient number to a provider who wants to ask you for access. Alone it opens nothing."
      >
        <Code maw="100%" style={{ overflowWrap: 'anywhere' }} data-testid="patient-number">
          {name}
        </Code>
        <Group justify="center">
          <CopyButton value={name} label="Copy patient number" />
        </Group>
        <Button component={Link} href="/patient/records">
          Add my first record
        </Button>
      </EmptyState>
    </Page>
  );
}
