'use client';

import { objectToWallet, offerWallet, type WalletMove } from '@chartkey/sdk';
import { Alert, Button, Card, Group, List, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type Address, isAddress, isAddressEqual } from 'viem';
import {
  CopyButton,
  ErrorNotice,
  Loading,
  Page,
  Person,
  shortAddress,
  TechnicalDetails,
} from '../../ui/index.ts';
import { useGuardians, useMoves } from '../guardians/index.ts';
import { type PatientSession, RequirePatient, SignButton } from '../session/index.ts';

export function ChangeWalletPage() {
  const t = useTranslations('walletMove');
  return (
    <RequirePatient title={t('myWallet')} inPerson>
      {(session) => <MyWallet session={session} />}
    </RequirePatient>
  );
}

function MyWallet({ session }: { readonly session: PatientSession }) {
  const t = useTranslations('walletMove');
  const { patient, address } = session;
  const { data, isPending, error, retry } = useMoves(patient);
  const offers = (data ?? []).filter(({ byPatient }) => byPatient);
  return (
    <Page title={t('myWallet')} lead={t('yourChartStaysWhatItIs')}>
      <Card component="section" aria-label={t('walletOfYourChart')}>
        <Person address={address} kind={t('walletOfYourChart')} detail={t('connectedNow')} />
        <TechnicalDetails
          details={[
            { name: t('wallet'), value: address },
            { name: t('idOfYourChart'), value: patient },
          ]}
        />
      </Card>
      {error !== undefined && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && <Loading what={t('lookingWhetherAMove')} />}
      {offers.map((move) => (
        <Offered key={move.wallet} move={move} />
      ))}
      {data && <Offer own={[patient, address]} />}
      <IfLost patient={patient} />
    </Page>
  );
}

/** The old wallet's part: which one comes next. */
function Offer({ own }: { readonly own: readonly Address[] }) {
  const t = useTranslations('walletMove');
  const [text, setText] = useState('');
  const wallet = text.trim();
  const isAccount = isAddress(wallet, { strict: false });
  const isOwn = isAccount && own.some((one) => isAddressEqual(one, wallet));
  return (
    <Card component="section" aria-label={t('changeToAnotherWallet')}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('changeToAnotherWallet')}
        </Title>
        <Text>{t('whileYouHaveBoth')}</Text>
        <TextInput
          label={t('accountOfTheNewWallet')}
          description={t('copyItOutOfTheNewWallet')}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          error={(wallet !== '' && !isAccount && t('noAccount')) || (isOwn && t('thatIsThisWallet'))}
          autoComplete="off"
          spellCheck={false}
          maw={460}
        />
        {isAccount && !isOwn ? (
          <SignButton
            signs={t('thisWalletMayTakeOver', { wallet: shortAddress(wallet) })}
            action={(client) => offerWallet(client, { wallet })}
            onDone={() => setText('')}
          >
            {t('offerMyChartToIt')}
          </SignButton>
        ) : (
          <Group>
            <Button disabled>{t('offerMyChartToIt')}</Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

/** An offer that waits for the new wallet. */
function Offered({ move: { patient, wallet } }: { readonly move: WalletMove }) {
  const t = useTranslations('walletMove');
  return (
    <Alert variant="light" role="status" icon={<IconArrowRight aria-hidden />} title={t('offered')}>
      <Stack gap="sm">
        <Text size="sm">{t('nowConnectTheNewWallet', { wallet: shortAddress(wallet) })}</Text>
        <Group gap="xs">
          <CopyButton
            value={`${window.location.origin}/wallet#${patient}`}
            label={t('copyTheLinkForTheNewWallet')}
          />
        </Group>
        <SignButton
          signs={t('noMoveOfMyChart')}
          action={(client) => objectToWallet(client, { wallet })}
          button={{ variant: 'default', size: 'sm' }}
        >
          {t('takeTheOfferBack')}
        </SignButton>
        <TechnicalDetails details={[{ name: t('newWallet'), value: wallet }]} />
      </Stack>
    </Alert>
  );
}

function IfLost({ patient }: { readonly patient: Address }) {
  const t = useTranslations('walletMove');
  const { data } = useGuardians(patient);
  const [some, of] = [data?.threshold ?? 0, data?.guardians.length ?? 0];
  return (
    <Card component="section" aria-label={t('ifYouLoseThisWallet')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('ifYouLoseThisWallet')}
        </Title>
        <List type="ordered" spacing={4} pr="md">
          <List.Item>{t('makeANewWallet')}</List.Item>
          <List.Item>{t('sendTheLinkToYourGuardians')}</List.Item>
          <List.Item>{t('afterThreeDays')}</List.Item>
        </List>
        {of === 0 ? (
          <Group gap="sm">
            <Text>{t('youHaveNoGuardiansYet')}</Text>
            <Button component={Link} href="/patient/guardians" variant="light" size="xs">
              {t('nameGuardians')}
            </Button>
          </Group>
        ) : (
          <Text>{t('soManyOfYourGuardians', { needed: some, of })}</Text>
        )}
        <Text c="dimmed" size="sm">
          {t('ifSomebodyStoleIt')}
        </Text>
      </Stack>
    </Card>
  );
}
