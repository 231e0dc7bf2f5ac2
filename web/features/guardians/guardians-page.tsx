'use client';

import { type Guardians, setGuardians } from '@chartkey/sdk';
import { Alert, Anchor, Button, Card, Divider, Group, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Fragment, useState } from 'react';
import { ErrorNotice, Loading, Page, Person, TechnicalDetails } from '../../ui/index.ts';
import { type PatientSession, RequirePatient, SignButton } from '../session/index.ts';
import { GuardianForm } from './guardian-form.tsx';
import { useGuardians } from './use-guardians.ts';
import { WhatTheyCan } from './what-they-can.tsx';

export function GuardiansPage() {
  const t = useTranslations('guardians');
  return (
    <RequirePatient title={t('guardians')} inPerson>
      {(session) => <MyGuardians session={session} />}
    </RequirePatient>
  );
}

type Doing = 'change' | 'end';

function MyGuardians({ session }: { readonly session: PatientSession }) {
  const t = useTranslations('guardians');
  const { patient, address } = session;
  const { data, isPending, error, retry } = useGuardians(patient);
  const [doing, setDoing] = useState<Doing>();
  const [saved, setSaved] = useState(false);
  const close = () => setDoing(undefined);
  const done = () => {
    close();
    setSaved(true);
  };
  return (
    <Page title={t('guardians')} lead={t('peopleWhoHelpYouBackIn')}>
      {saved && (
        <Alert variant="light" role="status" icon={<IconCircleCheck aria-hidden />} title={t('saved')}>
          {t('whatWasUnderWayHasEnded')}
        </Alert>
      )}
      {error !== undefined && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && <Loading what={t('lookingUpYourGuardians')} />}
      {data && data.guardians.length > 0 && doing !== 'change' && (
        <Named guardians={data} doing={doing} onDoing={setDoing} onDone={done} />
      )}
      {data && (doing === 'change' || data.guardians.length === 0) && (
        <Card component="section" aria-label={t('nameYourGuardians')}>
          <Stack gap="md">
            <Title order={2} size="h4">
              {t('nameYourGuardians')}
            </Title>
            <GuardianForm
              {...data}
              own={[patient, address]}
              onDone={done}
              beside={
                doing === 'change' && (
                  <Button variant="default" onClick={close}>
                    {t('cancel')}
                  </Button>
                )
              }
            />
          </Stack>
        </Card>
      )}
      <WhatTheyCan />
      <Text size="sm">
        <Anchor component={Link} href="/patient/wallet" size="sm">
          {t('changeMyWalletOrLostIt')}
        </Anchor>
      </Text>
    </Page>
  );
}

type NamedProps = {
  readonly guardians: Guardians;
  readonly doing: Doing | undefined;
  readonly onDoing: (doing: Doing | undefined) => void;
  readonly onDone: () => void;
};

function Named({ guardians: { guardians, threshold }, doing, onDoing, onDone }: NamedProps) {
  const t = useTranslations('guardians');
  return (
    <Card component="section" aria-label={t('yourGuardians')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('soManyOf', { needed: threshold, of: guardians.length })}
        </Title>
        {guardians.map((guardian, at) => (
          <Fragment key={guardian}>
            {at > 0 && <Divider />}
            <Person address={guardian} kind={t('guardianNumber', { number: at + 1 })} />
          </Fragment>
        ))}
        {doing === undefined && (
          <Group gap="xs">
            <Button variant="default" onClick={() => onDoing('change')}>
              {t('change')}
            </Button>
            <Button variant="light" color="red" onClick={() => onDoing('end')}>
              {t('endAll')}
            </Button>
          </Group>
        )}
        {doing === 'end' && (
          <>
            <Text>{t('withoutGuardians')}</Text>
            <SignButton
              signs={t('iHaveNoGuardians')}
              action={(client) => setGuardians(client, { guardians: [], threshold: 0 })}
              onDone={onDone}
              button={{ color: 'red' }}
              beside={
                <Button variant="default" onClick={() => onDoing(undefined)}>
                  {t('cancel')}
                </Button>
              }
            >
              {t('endAll')}
            </SignButton>
          </>
        )}
        <TechnicalDetails
          details={guardians.map((guardian, at) => ({
            name: t('accountOfGuardian', { number: at + 1 }),
            value: guardian,
          }))}
        />
      </Stack>
    </Card>
  );
}
