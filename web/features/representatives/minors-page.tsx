'use client';

import { appointForMinor, patientAddressOf, type Representation } from '@chartkey/sdk';
import { Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconUserShield } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { type Address, getAddress, type Hex, isAddress, isAddressEqual } from 'viem';
import { EmptyState, ErrorNotice, Loading, Page, Person, shortAddress, useWords } from '../../ui/index.ts';
import { untilInDays } from '../consent/index.ts';
import { ForManagers } from '../manager/index.ts';
import { PatientField, parsePatient } from '../patient-number/index.ts';
import { type Session, SignButton, useReader } from '../session/index.ts';
import { endOf, UntilField } from './until-field.tsx';
import { useRepresentations } from './use-representations.ts';

/** Two managers let somebody act for a minor: the first one proposes, the second one confirms. */
export function MinorsPage() {
  const t = useTranslations('representatives');
  return <ForManagers title={t('forMinors')}>{(session) => <Minors session={session} />}</ForManagers>;
}

type OfManager = { readonly session: Session & { readonly address: Address } };

function Minors({ session }: OfManager) {
  const t = useTranslations('representatives');
  const { proposals, isPending, error, retry } = useProposals(session.managedAreas);
  return (
    <Page title={t('forMinors')} lead={t('twoManagersVouch')}>
      <Propose session={session} />
      {error !== undefined && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && <Loading what={t('lookingForProposals')} />}
      {!isPending && error === undefined && proposals.length === 0 && (
        <EmptyState icon={<IconUserShield />} title={t('nothingWaits')} text={t('proposalsShowHere')} />
      )}
      {proposals.map((proposal) => (
        <ProposalCard
          key={proposal.patient + proposal.representative}
          proposal={proposal}
          session={session}
        />
      ))}
    </Page>
  );
}

type Proposal = Representation & { readonly area: number; readonly pid: Hex };

function useProposals(areas: readonly number[]) {
  const reader = useReader();
  const { list, isPending, error, retry } = useRepresentations('all');
  const proposed = list.filter(({ state }) => state === 'proposed');
  const query = useQuery({
    queryKey: ['proposals', ...proposed.map(({ patient }) => patient), ...areas],
    enabled: proposed.length > 0,
    queryFn: async () => {
      const found = await Promise.all(
        proposed.map(async (one) => {
          const at = await patientAddressOf(reader, one);
          return at && areas.includes(at.area) ? [{ ...one, ...at }] : [];
        }),
      );
      return found.flat();
    },
  });
  return {
    proposals: proposed.length === 0 ? [] : (query.data ?? []),
    isPending: isPending || (proposed.length > 0 && query.isPending),
    error: error ?? (query.data ? undefined : (query.error ?? undefined)),
    retry,
  };
}

function ProposalCard({ proposal, session }: OfManager & { readonly proposal: Proposal }) {
  const t = useTranslations('representatives');
  const words = useWords();
  const { area, pid, patient, representative, expiresAt, proposedBy } = proposal;
  const isOwn = proposedBy !== undefined && isAddressEqual(proposedBy, session.address);
  const date = words.date(expiresAt);
  return (
    <Card component="section" aria-label={t('proposal')}>
      <Stack gap="sm">
        <Person address={representative} kind={t('representative')} detail={t('until', { date })} />
        <Person address={patient} kind={t('minor')} detail={t('inArea', { area })} />
        {isOwn ? (
          <Text role="status">{t('aSecondManagerIsAwaited')}</Text>
        ) : (
          <>
            <Text>
              {t('anotherManagerProposed', { manager: proposedBy ? shortAddress(proposedBy) : '–' })}
            </Text>
            <SignButton
              signs={t('thisAccountActsForAMinor', { account: shortAddress(representative), date })}
              action={(client) => appointForMinor(client, { area, pid, representative, expiresAt })}
            >
              {t('confirm')}
            </SignButton>
          </>
        )}
      </Stack>
    </Card>
  );
}

/** What is proposed at first, in days. */
const A_YEAR = 365;

function Propose({ session }: OfManager) {
  const t = useTranslations('representatives');
  const words = useWords();
  const [number, setNumber] = useState('');
  const [text, setText] = useState('');
  const [day, setDay] = useState(() => untilInDays(A_YEAR));
  const named = parsePatient(number);
  const minor = named && 'pid' in named && session.managedAreas.includes(named.area) ? named : undefined;
  const account = text.trim();
  const isAccount = isAddress(account, { strict: false });
  const expiresAt = endOf(day);
  return (
    <Card component="section" aria-label={t('proposeARepresentative')}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('proposeARepresentative')}
        </Title>
        <Text>{t('youVouchFor')}</Text>
        <PatientField
          label={t('patientNumberOfTheMinor')}
          description={t('asTheParentsHaveIt')}
          value={number}
          onChange={setNumber}
          error={number.trim() !== '' && minor === undefined ? t('noNumberOfYourArea') : undefined}
        />
        <TextInput
          label={t('theirAccount')}
          description={t('ofWhoHasCustody')}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          error={account !== '' && !isAccount && t('noAccount')}
          autoComplete="off"
          spellCheck={false}
          maw={460}
        />
        <UntilField day={day} onChange={setDay} />
        {minor && isAccount && expiresAt !== undefined ? (
          <SignButton
            signs={t('thisAccountActsForAMinor', {
              account: shortAddress(account),
              date: words.date(expiresAt),
            })}
            action={(client) =>
              appointForMinor(client, { ...minor, representative: getAddress(account), expiresAt })
            }
            onDone={() => setText('')}
          >
            {t('propose')}
          </SignButton>
        ) : (
          <Group>
            <Button disabled>{t('propose')}</Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}
