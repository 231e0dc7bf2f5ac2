'use client';

import { describeRole, type ListedProvider, verifyProviders } from '@chartkey/sdk';
import { Button, Card, Checkbox, Group, Select, Stack, Text } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import Link from 'next/link';
import { useState } from 'react';
import type { Address } from 'viem';
import {
  dateInWords,
  EmptyState,
  ErrorNotice,
  Loading,
  Page,
  Person,
  TechnicalDetails,
} from '../../ui/index.ts';
import { useProviders } from '../people/index.ts';
import { type Session, SignButton } from '../session/index.ts';
import { ForManagers } from './for-managers.tsx';

/** One signature verifies at most so many: the contract takes no more. */
const MAX_AT_ONCE = 100;
const YEARS = ['1', '2', '5'];
const YEAR = 31_557_600;

export function ManagerPage() {
  return <ForManagers title="Providers">{(session) => <Queue session={session} />}</ForManagers>;
}

function Queue({ session }: { readonly session: Session }) {
  const { list, isPending, error } = useProviders();
  const waiting = list.filter(
    ({ application, standing }) =>
      session.managedAreas.includes(application.area) && standing.status === 'Applied',
  );
  return (
    <Page
      title="Providers"
      lead={`Who waits to be verified in area ${session.managedAreas.join(', ')}. You decide who is a provider; patients decide who reads what.`}
      actions={
        <Button component={Link} href="/manager/people" variant="default">
          People and organisations
        </Button>
      }
    >
      {error !== undefined && error !== null && <ErrorNotice error={error} />}
      {isPending && <Loading what="Looking for applications…" />}
      {!isPending && waiting.length === 0 && (
        <EmptyState icon={<IconChecklist />} title="Nobody is waiting" text="New applications show here." />
      )}
      {waiting.length > 0 && <Applicants waiting={waiting.slice(0, MAX_AT_ONCE)} />}
    </Page>
  );
}

/** Those that were ticked are verified with one signature. */
function Applicants({ waiting }: { readonly waiting: readonly ListedProvider[] }) {
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
          label={`All ${waiting.length}`}
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
  return (
    <Card component="section" aria-label="Application">
      <Stack gap="sm">
        <Person
          address={provider}
          kind={describeRole(application.role)}
          detail={`applies in area ${application.area}`}
        />
        <Checkbox
          checked={ticked}
          onChange={({ currentTarget: { checked } }) => onTick(checked)}
          label="I compared the licence that they showed me"
          description="The digest in the technical details must be that of its number."
        />
        <TechnicalDetails
          details={[
            { name: 'Account', value: provider },
            { name: 'Licence digest', value: application.credentialHash },
            { name: 'Organisation', value: application.organisation },
          ]}
        />
      </Stack>
    </Card>
  );
}

type VerifyChosenProps = { readonly chosen: readonly ListedProvider[]; readonly onDone: () => void };

function VerifyChosen({ chosen, onDone }: VerifyChosenProps) {
  const [years, setYears] = useState('1');
  const expiresAt = Math.floor(Date.now() / 1000) + Number(years) * YEAR;
  const [first] = chosen;
  return (
    <Card component="section" aria-label="Verify">
      <Stack gap="sm">
        <Select
          label="Valid for"
          data={YEARS.map((value) => ({ value, label: value === '1' ? '1 year' : `${value} years` }))}
          value={years}
          onChange={(value) => setYears(value ?? '1')}
          allowDeselect={false}
          w={140}
        />
        {first === undefined ? (
          <Group gap="sm">
            <Button disabled>Verify</Button>
            <Text size="sm" c="dimmed">
              Tick those whose licence you compared.
            </Text>
          </Group>
        ) : (
          <SignButton
            signs={
              chosen.length === 1
                ? `this account is a verified ${describeRole(first.application.role)} until ${dateInWords(expiresAt)}.`
                : `these ${chosen.length} accounts are verified providers until ${dateInWords(expiresAt)}.`
            }
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
            {chosen.length === 1 ? 'Verify' : `Verify ${chosen.length}`}
          </SignButton>
        )}
      </Stack>
    </Card>
  );
}
