'use client';

import { amendConsent, type ConsentGiven, revokeConsent } from '@chartkey/sdk';
import { Alert, Badge, Button, Card, Group, Modal, Stack, Text } from '@mantine/core';
import { IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import type { Address } from 'viem';
import { dateInWords, EmptyState, ErrorNotice, Loading, Page } from '../../ui/index.ts';
import {
  clampToFolders,
  describeScope,
  isStanding,
  purposeName,
  type ScopeDraft,
  ScopeFields,
  scopeProblem,
  scopeToChain,
} from '../consent/index.ts';
import { type Folders, useFolders } from '../folders/index.ts';
import { ProviderLine } from '../people/index.ts';
import { type PatientSession, RequirePatient, SignButton } from '../session/index.ts';
import { UnlockPanel } from '../vault/index.ts';
import { GiveAccess } from './give-access.tsx';
import { useConsents } from './use-consents.ts';
import { WhoSeesWhat } from './who-sees-what.tsx';

export function SharingPage() {
  return <RequirePatient title="Sharing">{(session) => <Sharing session={session} />}</RequirePatient>;
}

function Sharing({ session }: { readonly session: PatientSession }) {
  const { list, standing, isPending, error, retry } = useConsents(session.patient);
  const folders = useFolders(session.patient);
  const [giving, setGiving] = useState(false);
  const [stopped, setStopped] = useState<Address>();
  const ended = list.filter(({ consent }) => !isStanding(consent));
  return (
    <Page
      title="Sharing"
      lead="Who may read your records, what, why, and until when."
      actions={
        !giving && (
          <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setGiving(true)}>
            Give access
          </Button>
        )
      }
    >
      {folders.state === 'locked' && (
        <UnlockPanel patient={session.patient} text="Unlock to see what your folders are called." />
      )}
      {giving && (
        <GiveAccess onClose={() => setGiving(false)} given={list} self={session.address} folders={folders} />
      )}
      {stopped && (
        <Alert
          variant="light"
          color="teal"
          title="Sharing stopped"
          role="status"
          withCloseButton
          closeButtonLabel="Close"
          onClose={() => setStopped(undefined)}
        >
          <Text size="sm">They can open nothing more. What they already saw can’t be taken back.</Text>
        </Alert>
      )}
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {isPending && !error && <Loading what="Looking up who can read your records…" />}
      {!isPending && !error && standing.length === 0 && !giving && (
        <EmptyState
          icon={<IconUsers />}
          title="Nobody can read your records"
          text="Give access to a provider, or wait until one asks."
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
  const { accessor, consent } = given;
  const [stopping, setStopping] = useState(false);
  const [changing, setChanging] = useState<ScopeDraft>();
  const standing = isStanding(consent);
  return (
    <Card component="section" aria-label="Access">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <ProviderLine
            address={accessor}
            detail={
              standing ? `until ${dateInWords(consent.expiresAt)}` : `ended ${dateInWords(consent.expiresAt)}`
            }
          />
          {standing && !changing && (
            <Group gap="xs">
              <Button
                variant="default"
                size="sm"
                onClick={() => setChanging({ ...clampToFolders(consent), mayWrite: consent.mayWrite })}
              >
                Change
              </Button>
              <Button variant="light" color="red" size="sm" onClick={() => setStopping(true)}>
                Stop sharing
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
                May add records
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
  const problem = scopeProblem(draft);
  const consent = scopeToChain(draft);
  return (
    <>
      <ScopeFields draft={draft} onChange={onChange} withWrite folders={folders.saved} />
      <SignButton
        signs={problem ?? `from now on this account may read ${describeScope(consent, folders.nameOf)}.`}
        disabled={problem !== undefined}
        action={(client) => amendConsent(client, { accessor, consent })}
        onDone={onClose}
        beside={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        Save the change
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
  return (
    <Modal opened={opened} onClose={onClose} title="Stop sharing?">
      <Stack gap="md">
        <ProviderLine address={accessor} />
        <Text>
          From the next block on they can open nothing more of yours. What they already saw can’t be taken
          back.
        </Text>
        <SignButton
          signs="this account may read nothing more."
          action={(client) => revokeConsent(client, { accessor })}
          onDone={onStopped}
          button={{ color: 'red' }}
          beside={
            <Button variant="default" onClick={onClose}>
              Keep sharing
            </Button>
          }
        >
          Stop sharing
        </SignButton>
      </Stack>
    </Modal>
  );
}
