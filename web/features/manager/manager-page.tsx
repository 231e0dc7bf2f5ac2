'use client';

import { type ListedProvider, verifyProviders } from '@chartkey/sdk';
import { Button, Card, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Address } from 'viem';
import {
  EmptyState,
  ErrorNotice,
  Loading,
  Page,
  Person,
  TechnicalDetails,
  useWords,
} from '../../ui/index.ts';
import { useConsentWords } from '../consent/index.ts';
import { useProviders } from '../people/index.ts';
import { type Session, SignButton } from '../session/index.ts';
import { ForManagers } from './for-managers.tsx';

/** One signature verifies at most so many: the contract takes no more. */
const MAX_AT_ONCE = 100;
const YEARS = ['1', '2', '5'];
const YEAR = 31_557_600;

export function ManagerPage() {
  const t = useTranslations('manager');
  return <ForManagers title={t('providers')}>{(session) => <Queue session={session} />}</ForManagers>;
}

function Queue({ session }: { readonly session: Session }) {
  const t = useTranslations('manager');
  const { list, isPending, error } = useProviders();
  const waiting = list.filter(
    ({ application, standing }) =>
      session.managedAreas.includes(application.area) && standing.status === 'Applied',
  );
  return (
    <Page
      title={t('providers')}
      lead={t('whoWaitsToBeVerified', { areas: session.managedAreas.join(', ') })}
      actions={
        <Button component={Link} href="/manager/people" variant="default">
          {t('peopleAndOrganisations')}
        </Button>
      }
    >
      {error !== undefined && error !== null && <ErrorNotice error={error} />}
      {isPending && <Loading what={t('lookingForApplications')} />}
      {!isPending && waiting.length === 0 && (
        <EmptyState
          icon={<IconChecklist />}
          title={t('nobodyIsWaiting')}
          text={t('newApplicationsShowHere')}
        />
      )}
      {waiting.length > 0 && <Applicants waiting={waiting.slice(0, MAX_AT_ONCE)} />}
    </Page>
  );
}

/** Those that were ticked are verified with one signature. */
function Applicants({ waiting }: { readonly waiting: readonly ListedProvider[] }) {
  const t = useTranslations('manager');
  const [ticked, setTicked] = useState<ReadonlySet<Address>>(new Set());
  const chosen = waiting.filter(({ provider }) => ticked.has(provider));
  const tick = (provider: Address, on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(provider);
    else next.delete(provider);
    setTicked(next);
  };
  return (
    <Stack gap="md">
      {waiting.length > 1 && (
        <Checkbox
          label={t('all', { waiting: waiting.length })}
          checked={chosen.length === waiting.length}
          indeterminate={chosen.length > 0 && chosen.length < waiting.length}
          onChange={({ currentTarget: { checked } }) =>
            setTicked(new Set(checked ? waiting.map(({ provider }) => provider) : []))
          }
        />
      )}
      {waiting.map((one) => (
        <Applicant
          key={one.provider}
          one={one}
          ticked={ticked.has(one.provider)}
          onTick={(on) => tick(one.provider, on)}
        />
      ))}
      <VerifyChosen chosen={chosen} onDone={() => setTicked(new Set())} />
    </Stack>
  );
}

type ApplicantProps = {
  readonly one: ListedProvider;
  readonly ticked: boolean;
  readonly onTick: (on: boolean) => void;
};

function Applicant({ one: { provider, application }, ticked, onTick }: ApplicantProps) {
  const { roleName } = useConsentWords();
  const t = useTranslations('manager');
  return (
    <Card component="section" aria-label={t('application')}>
      <Stack gap="sm">
        <Person
          address={provider}
          kind={roleName(application.role)}
          detail={t('appliesInArea', { area: application.area })}
        />
        <Checkbox
          checked={ticked}
          onChange={({ currentTarget: { checked } }) => onTick(checked)}
          label={t('iComparedTheLicenceThat')}
          description={t('theDigestInTheTechnical')}
        />
        <TechnicalDetails
          details={[
            { name: t('account'), value: provider },
            { name: t('licenceDigest'), value: application.credentialHash },
            { name: t('organisation'), value: application.organisation },
          ]}
        />
      </Stack>
    </Card>
  );
}

type VerifyChosenProps = { readonly chosen: readonly ListedProvider[]; readonly onDone: () => void };

function VerifyChosen({ chosen, onDone }: VerifyChosenProps) {
  const { roleName } = useConsentWords();
  const t = useTranslations('manager');
  const words = useWords();
  const [years, setYears] = useState('1');
  const expiresAt = Math.floor(Date.now() / 1000) + Number(years) * YEAR;
  const [first] = chosen;
  return (
    <Card component="section" aria-label={t('verify')}>
      <Stack gap="sm">
        <Select
          label={t('validFor')}
          data={YEARS.map((value) => ({ value, label: t('years', { count: Number(value) }) }))}
          value={years}
          onChange={(value) => setYears(value ?? '1')}
          allowDeselect={false}
          w={140}
        />
        {first === undefined ? (
          <Group gap="sm">
            <Button disabled>{t('verify')}</Button>
            <Text size="sm" c="dimmed">
              {t('tickThoseWhoseLicenceYou')}
            </Text>
          </Group>
        ) : (
          <SignButton
            signs={t('theseAccountsAreVerifiedProviders', {
              count: chosen.length,
              role: roleName(first.application.role),
              date: words.date(expiresAt),
            })}
            action={(client) =>
              verifyProviders(client, {
                verifications: chosen.map(({ provider, application }) => ({
                  provider,
                  application,
                  expiresAt,
                })),
              })
            }
            onDone={onDone}
          >
            {t('verifyCount', { count: chosen.length })}
          </SignButton>
        )}
      </Stack>
    </Card>
  );
}
