'use client';

import { appointRepresentative, endRepresentation, type Representation } from '@chartkey/sdk';
import { Badge, Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconUserShield } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type Address, getAddress, isAddress, isAddressEqual } from 'viem';
import { EmptyState, ErrorNotice, Loading, Page, Person, shortAddress, useWords } from '../../ui/index.ts';
import { untilInDays } from '../consent/index.ts';
import { type PatientSession, RequirePatient, SignButton } from '../session/index.ts';
import { Acts } from './acts.tsx';
import { endOf, UntilField } from './until-field.tsx';
import { useRepresentations } from './use-representations.ts';

export function RepresentativesPage() {
  const t = useTranslations('representatives');
  return (
    <RequirePatient title={t('representatives')} inPerson>
      {(session) => <Mine session={session} />}
    </RequirePatient>
  );
}

function Mine({ session: { patient, address } }: { readonly session: PatientSession }) {
  const t = useTranslations('representatives');
  const { list, isPending, error, retry } = useRepresentations({ patient });
  return (
    <Page title={t('representatives')} lead={t('peopleWhoActInYourName')}>
      {error !== undefined && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && <Loading what={t('lookingWhoRepresentsYou')} />}
      {!isPending && error === undefined && list.length === 0 && (
        <EmptyState icon={<IconUserShield />} title={t('nobodyActsForYou')} text={t('somebodyYouTrust')} />
      )}
      {list.map((one) => (
        <Represented key={one.representative} representation={one} />
      ))}
      <Appoint own={[patient, address]} />
      <Acts patient={patient} />
    </Page>
  );
}

/** What is proposed at first, in days. */
const A_YEAR = 365;

const COLORS = { standing: 'teal', waiting: 'yellow', proposed: 'yellow', expired: 'gray' } as const;

function Represented({ representation }: { readonly representation: Representation }) {
  const t = useTranslations('representatives');
  const words = useWords();
  const { patient, representative, state, startsAt, expiresAt } = representation;
  const date = words.date(expiresAt);
  return (
    <Card component="section" aria-label={t('representative')}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Person
            address={representative}
            kind={t('representative')}
            detail={t(`details.${state}`, { date, from: words.dateTime(startsAt) })}
          />
          <Badge variant="light" tt="none" color={COLORS[state]} style={{ flexShrink: 0 }}>
            {t(`states.${state}`)}
          </Badge>
        </Group>
        {state !== 'expired' && (
          <SignButton
            signs={t('thisAccountActsNoMore', { account: shortAddress(representative) })}
            action={(client) => endRepresentation(client, { patient, representative })}
            button={{ variant: 'light', color: 'red', size: 'sm' }}
          >
            {t('endIt')}
          </SignButton>
        )}
      </Stack>
    </Card>
  );
}

function Appoint({ own }: { readonly own: readonly Address[] }) {
  const t = useTranslations('representatives');
  const words = useWords();
  const [text, setText] = useState('');
  const [day, setDay] = useState(() => untilInDays(A_YEAR));
  const account = text.trim();
  const isAccount = isAddress(account, { strict: false });
  const isOwn = isAccount && own.some((one) => isAddressEqual(one, account));
  const expiresAt = endOf(day);
  return (
    <Card component="section" aria-label={t('letSomebodyActForYou')}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('letSomebodyActForYou')}
        </Title>
        <Text>{t('theyReadAndShare')}</Text>
        <TextInput
          label={t('theirAccount')}
          description={t('theyFindItInTheirWallet')}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          error={(account !== '' && !isAccount && t('noAccount')) || (isOwn && t('thatIsYou'))}
          autoComplete="off"
          spellCheck={false}
          maw={460}
        />
        <UntilField day={day} onChange={setDay} />
        {isAccount && !isOwn && expiresAt !== undefined ? (
          <SignButton
            signs={t('thisAccountActsInMyName', {
              account: shortAddress(account),
              date: words.date(expiresAt),
            })}
            action={(client) =>
              appointRepresentative(client, { representative: getAddress(account), expiresAt })
            }
            onDone={() => setText('')}
          >
            {t('appoint')}
          </SignButton>
        ) : (
          <Group>
            <Button disabled>{t('appoint')}</Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}
