'use client';

import { type Role, registerProvider } from '@chartkey/sdk';
import { Button, Card, NumberInput, Stack, TextInput } from '@mantine/core';
import { IconClockHour4 } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { keccak256, toBytes, zeroAddress, zeroHash } from 'viem';
import { EmptyState, Page } from '../../ui/index.ts';
import { RolePicker, useConsentWords } from '../consent/index.ts';
import { RequireWallet, type Session, SignButton } from '../session/index.ts';

export function RegisterPage() {
  const t = useTranslations('clinician');
  return (
    <RequireWallet title={t('registerAsAProvider')}>
      {(session) => <Register session={session} />}
    </RequireWallet>
  );
}

const MAX_AREA = 4_294_967_295;

function Register({ session }: { readonly session: Session }) {
  const { roleName } = useConsentWords();
  const t = useTranslations('clinician');
  const [role, setRole] = useState<Role>('Clinician');
  const [area, setArea] = useState(1);
  const [credential, setCredential] = useState('');
  if (session.provider !== undefined) {
    return (
      <Page title={t('registerAsAProvider')}>
        <EmptyState
          icon={<IconClockHour4 />}
          title={session.provider.status === 'Applied' ? t('waitingToBeVerified') : t('youAreRegistered')}
          text={
            session.provider.status === 'Applied' ? t('theManagerOfYourArea') : t('thisWalletIsAProvider')
          }
        >
          <Button component={Link} href="/clinician">
            {t('goToMyPatients')}
          </Button>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title={t('registerAsAProvider')} lead={t('whatIsPublic')}>
      <Card>
        <Stack gap="md">
          <RolePicker value={role} onChange={setRole} />
          <NumberInput
            label={t('area')}
            description={t('theRegionWhoseManagerVerifies')}
            value={area}
            onChange={(value) => setArea(Number(value) || 0)}
            min={0}
            max={MAX_AREA}
            allowDecimal={false}
            maw={200}
            hideControls
          />
          <TextInput
            label={t('licenceNumber')}
            description={t('onlyADigestOfIt')}
            value={credential}
            onChange={(event) => setCredential(event.currentTarget.value)}
            maxLength={128}
            maw={320}
            autoComplete="off"
          />
          <SignButton
            signs={t('thisAccountAppliesAsIn', { role: roleName(role), area })}
            action={(client) =>
              registerProvider(client, {
                role,
                area,
                organisation: zeroAddress,
                credentialHash: credential.trim() === '' ? zeroHash : keccak256(toBytes(credential.trim())),
              })
            }
          >
            {t('register')}
          </SignButton>
        </Stack>
      </Card>
    </Page>
  );
}
