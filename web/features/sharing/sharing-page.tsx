'use client';

import { amendConsent, type ConsentGiven, revokeConsent } from '@chartkey/sdk';
import { Alert, Badge, Button, Card, Group, Modal, Stack, Text } from '@mantine/core';
import { IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Address } from 'viem';
import { EmptyState, ErrorNotice, Loading, Page, useWords } from '../../ui/index.ts';
import {
  clampToFolders,
  isStanding,
  type ScopeDraft,
  ScopeFields,
  scopeToChain,
  useConsentWords,
} from '../consent/index.ts';
import { type Folders, useFolders } from '../folders/index.ts';
import { ProviderLine } from '../people/index.ts';
import { type PatientSession, RequirePatient, SignButton } from '../session/index.ts';
import { UnlockPanel } from '../vault/index.ts';
import { GiveAccess } from './give-access.tsx';
import { useConsents } from './use-consents.ts';
import { WhoSeesWhat } from './who-sees-what.tsx';

export function SharingPage() {
  const t = useTranslations('sharing');
  return <RequirePatient title={t('sharing')}>{(session) => <Sharing session={session} />}</RequirePatient>;
}

function Sharing({ session }: { readonly session: PatientSession }) {
  const t = useTranslations('sharing');
  const { list, standing, isPending, error, retry } = useConsents(session.patient);
  const folders = useFolders(session.patient);
  const [giving, setGiving] = useState(false);
  const [stopped, setStopped] = useState<Address>();
  const ended = list.filter(({ consent }) => !isStanding(consent));
  return (
    <Page
      title={t('sharing')}
      lead={t('whoMayReadYourRecords')}
      actions={
        !giving && (
          <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setGiving(true)}>
            {t('giveAccess')}
          </Button>
        )
      }
    >
      {folders.state === 'locked' && (
        <UnlockPanel patient={session.patient} text={t('unlockToSeeWhatYour')} />
      )}
      {giving && (
        <GiveAccess onClose={() => setGiving(false)} given={list} self={session.address} folders={folders} />
      )}
      {stopped && (
        <Alert
          variant="light"
          color="teal"
          title={t('sharingStopped')}
          role="status"
          withCloseButton
          closeButtonLabel={t('close')}
          onClose={() => setStopped(undefined)}
        >
          <Text size="sm">{t('theyCanOpenNothingMore')}</Text>
        </Alert>
      )}
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && !error && <Loading what={t('lookingUpWhoCanRead')} />}
      {!isPending && !error && standing.length === 0 && !giving && (
        <EmptyState
          icon={<IconUsers />}
          title={t('nobodyCanReadYourRecords')}
          text={t('giveAccessToAProvider')}
        />
      )}
      <WhoSeesWhat given={standing} folders={folders.saved} />
      {standing.map((given) => (
        <ConsentCard
          key={given.accessor}
          given={given}
          folders={folders}
          onStopped={() => setStopped(given.accessor)}
        />
      ))}
      {ended.map((given) => (
        <ConsentCard
          key={given.accessor}
          given={given}
          folders={folders}
          onStopped={() => setStopped(given.accessor)}
        />
      ))}
    </Page>
  );
}

type ConsentCardProps = {
  readonly given: ConsentGiven;
  readonly folders: Folders;
  readonly onStopped: () => void;
};

function ConsentCard({ given, folders, onStopped }: ConsentCardProps) {
  const t = useTranslations('sharing');
  const words = useWords();
  const { purposeName } = useConsentWords();
  const { accessor, consent } = given;
  const [stopping, setStopping] = useState(false);
  const [changing, setChanging] = useState<ScopeDraft>();
  const standing = isStanding(consent);
  return (
    <Card component="section" aria-label={t('access')}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <ProviderLine
            address={accessor}
            detail={
              standing
                ? t('until', { date: words.date(consent.expiresAt) })
                : t('ended', { date: words.date(consent.expiresAt) })
            }
          />
          {standing && !changing && (
            <Group gap="xs">
              <Button
                variant="default"
                size="sm"
                onClick={() => setChanging({ ...clampToFolders(consent), mayWrite: consent.mayWrite })}
              >
                {t('change')}
              </Button>
              <Button variant="light" color="red" size="sm" onClick={() => setStopping(true)}>
                {t('stopSharing')}
              </Button>
            </Group>
          )}
        </Group>
        {!changing && (
          <Group gap={6}>
            {consent.compartments.map((number) => (
              <Badge key={number} variant="light" tt="none">
                {folders.nameOf(number)}
              </Badge>
            ))}
            {consent.purposes.map((code) => (
              <Badge key={code} variant="default" tt="none">
                {purposeName(code)}
              </Badge>
            ))}
            {consent.mayWrite && (
              <Badge variant="default" tt="none">
                {t('mayAddRecords')}
              </Badge>
            )}
          </Group>
        )}
        {changing && (
          <ChangeForm
            accessor={accessor}
            folders={folders}
            draft={changing}
            onChange={setChanging}
            onClose={() => setChanging(undefined)}
          />
        )}
      </Stack>
      <StopSharing
        accessor={accessor}
        opened={stopping}
        onClose={() => setStopping(false)}
        onStopped={() => {
          setStopping(false);
          onStopped();
        }}
      />
    </Card>
  );
}

type ChangeFormProps = {
  readonly accessor: Address;
  readonly folders: Folders;
  readonly draft: ScopeDraft;
  readonly onChange: (draft: ScopeDraft) => void;
  readonly onClose: () => void;
};

function ChangeForm({ accessor, folders, draft, onChange, onClose }: ChangeFormProps) {
  const t = useTranslations('sharing');
  const { describeScope, scopeProblem } = useConsentWords();
  const problem = scopeProblem(draft);
  const consent = scopeToChain(draft);
  return (
    <>
      <ScopeFields draft={draft} onChange={onChange} withWrite folders={folders.saved} />
      <SignButton
        signs={problem ?? t('fromNowOnThisAccount', { scope: describeScope(consent, folders.nameOf) })}
        disabled={problem !== undefined}
        action={(client) => amendConsent(client, { accessor, consent })}
        onDone={onClose}
        beside={
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        }
      >
        {t('saveTheChange')}
      </SignButton>
    </>
  );
}

type StopSharingProps = {
  readonly accessor: Address;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onStopped: () => void;
};

function StopSharing({ accessor, opened, onClose, onStopped }: StopSharingProps) {
  const t = useTranslations('sharing');
  return (
    <Modal opened={opened} onClose={onClose} title={t('stopSharingQuestion')}>
      <Stack gap="md">
        <ProviderLine address={accessor} />
        <Text>{t('fromTheNextBlockOn')}</Text>
        <SignButton
          signs={t('thisAccountMayReadNothing')}
          action={(client) => revokeConsent(client, { accessor })}
          onDone={onStopped}
          button={{ color: 'red' }}
          beside={
            <Button variant="default" onClick={onClose}>
              {t('keepSharing')}
            </Button>
          }
        >
          {t('stopSharing')}
        </SignButton>
      </Stack>
    </Modal>
  );
}
