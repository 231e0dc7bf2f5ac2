'use client';

import { commitPid, generatePidSalt, registerPatient } from '@chartkey/sdk';
import { Button, Card, Code, Group, NumberInput, Stack, TextInput, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type Address, bytesToHex } from 'viem';
import { CopyButton, EmptyState, Page, shortAddress, TechnicalDetails } from '../../ui/index.ts';
import { GuardianStep } from '../guardians/index.ts';
import { type MadeKey, MakeKey } from '../keys/index.ts';
import { RequireWallet, type Session, SignButton } from '../session/index.ts';
import { useVault } from '../vault/index.ts';

export function EnrolPage() {
  const t = useTranslations('enrol');
  return <RequireWallet title={t('setUpMyChart')}>{(session) => <Enrol session={session} />}</RequireWallet>;
}

const MAX_AREA = 4_294_967_295;

/** Three steps: who, the key with what opens it, one signature. */
function Enrol({ session }: { readonly session: Session & { readonly address: Address } }) {
  const t = useTranslations('enrol');
  const vault = useVault();
  const [area, setArea] = useState<number>(1);
  const [identifier, setIdentifier] = useState('');
  const [salt] = useState(generatePidSalt);
  const [key, setKey] = useState<MadeKey>();
  const [finished, setFinished] = useState<{ readonly area: number; readonly pid: string }>();

  if (finished) {
    return <Finished area={finished.area} pid={finished.pid} patient={session.address} />;
  }
  if (session.patient !== undefined) {
    return (
      <Page title={t('setUpMyChart')}>
        <EmptyState
          icon={<IconCircleCheck />}
          title={t('yourChartIsSetUp')}
          text={t('thisWalletIsRegisteredAlready')}
        >
          <Button component={Link} href="/patient">
            {t('goToMyChart')}
          </Button>
        </EmptyState>
      </Page>
    );
  }

  return (
    <Page title={t('setUpMyChart')} lead={t('itTakesAMinuteAnd')}>
      <Card component="section" aria-label={t('whoYouAre')}>
        <Stack gap="md">
          <Title order={2} size="h4">
            {t('yourNumber')}
          </Title>
          <TextInput
            label={t('aNumberOrNameThat')}
            description={t('forExampleYourInsuranceNumber')}
            value={identifier}
            onChange={(event) => setIdentifier(event.currentTarget.value)}
            maxLength={256}
            maw={420}
            autoComplete="off"
            readOnly={key !== undefined}
            variant={key ? 'filled' : 'default'}
          />
          <NumberInput
            label={t('area')}
            description={t('theRegionOfYourHealth')}
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
        title={t('yourKey')}
        from="nothing"
        passkeyName={`Chartkey ${shortAddress(session.address)}`}
        made={key}
        onMade={setKey}
        disabled={identifier.trim() === ''}
      />
      {key && (
        <Card component="section" aria-label={t('register')}>
          <Stack gap="md">
            <Title order={2} size="h4">
              {t('registerStep')}
            </Title>
            <SignButton
              signs={t('thisAccountIsAPatient', { area })}
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
              {t('register')}
            </SignButton>
            <TechnicalDetails
              details={[
                { name: t('salt'), value: bytesToHex(salt) },
                { name: t('keyDigest'), value: key.keyHash },
              ]}
            />
          </Stack>
        </Card>
      )}
    </Page>
  );
}

type FinishedProps = { readonly area: number; readonly pid: string; readonly patient: Address };

function Finished({ area, pid, patient }: FinishedProps) {
  const t = useTranslations('enrol');
  const name = `<${area}, ${pid}>`;
  return (
    <Page title={t('setUpMyChart')}>
      <EmptyState
        icon={<IconCircleCheck />}
        title={t('yourChartIsReady')}
        text={t('giveYourPatientNumberTo')}
      >
        <Code maw="100%" style={{ overflowWrap: 'anywhere' }} data-testid="patient-number">
          {name}
        </Code>
        <Group justify="center">
          <CopyButton value={name} label={t('copyPatientNumber')} />
        </Group>
        <Button component={Link} href="/patient/records">
          {t('addMyFirstRecord')}
        </Button>
      </EmptyState>
      <GuardianStep patient={patient} />
    </Page>
  );
}
