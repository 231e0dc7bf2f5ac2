'use client';

import { endRepresentation, type Representation } from '@chartkey/sdk';
import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconUserShield } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { isAddressEqual } from 'viem';
import { CopyButton, EmptyState, ErrorNotice, Loading, Page, Person, useWords } from '../../ui/index.ts';
import { RequireWallet, SignButton } from '../session/index.ts';
import { useActing } from './acting-provider.tsx';
import { useRepresentations } from './use-representations.ts';

/** For whoever acts in other people's names: for whom, until when, and how to stop. */
export function ActingPage() {
  const t = useTranslations('representatives');
  return (
    <RequireWallet title={t('whomIActFor')}>
      {({ address }) => <Whom representative={address} />}
    </RequireWallet>
  );
}

function Whom({ representative }: Pick<Representation, 'representative'>) {
  const t = useTranslations('representatives');
  const { list, isPending, error, retry } = useRepresentations({ representative });
  const known = list.filter(({ state }) => state !== 'expired');
  return (
    <Page title={t('whomIActFor')} lead={t('whatYouDoForThem')}>
      {error !== undefined && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && <Loading what={t('lookingWhomYouRepresent')} />}
      {!isPending && error === undefined && known.length === 0 && (
        <EmptyState icon={<IconUserShield />} title={t('youActForNobody')} text={t('giveThemYourAccount')}>
          <CopyButton value={representative} label={t('copyMyAccount')} />
        </EmptyState>
      )}
      {known.map((one) => (
        <Represented key={one.patient} representation={one} />
      ))}
    </Page>
  );
}

function Represented({ representation }: { readonly representation: Representation }) {
  const t = useTranslations('representatives');
  const words = useWords();
  const acting = useActing();
  const { patient, representative, state, startsAt, expiresAt } = representation;
  const acts = acting.patient !== undefined && isAddressEqual(acting.patient, patient);
  const end = () => {
    if (acts) acting.actFor(undefined);
  };
  return (
    <Card component="section" aria-label={t('patient')}>
      <Stack gap="sm">
        <Person
          address={patient}
          kind={t('patient')}
          detail={t(`details.${state}`, {
            date: words.date(expiresAt),
            from: words.dateTime(startsAt),
          })}
        />
        {state === 'standing' && !acts && (
          <Group>
            <Button onClick={() => acting.actFor(patient)}>{t('actForThem')}</Button>
          </Group>
        )}
        {acts && <Text role="status">{t('youDoNow')}</Text>}
        <SignButton
          signs={t('iActNoMore')}
          action={(client) => endRepresentation(client, { patient, representative })}
          onDone={end}
          button={{ variant: 'light', color: 'red', size: 'sm' }}
        >
          {t('endIt')}
        </SignButton>
      </Stack>
    </Card>
  );
}
