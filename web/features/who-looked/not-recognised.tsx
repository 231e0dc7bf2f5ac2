'use client';

import { revokeConsent } from '@chartkey/sdk';
import { Button, Card, Group, Modal, Stack, Text, Title } from '@mantine/core';
import type { Address } from 'viem';
import { CopyButton, dateTimeInWords } from '../../ui/index.ts';
import { useProviders } from '../people/index.ts';
import { SignButton } from '../session/index.ts';
import { useConsents } from '../sharing/index.ts';
import { type Look, LookLine } from './log-entries.tsx';
import { useManagers } from './use-managers.ts';

type NotRecognisedProps = {
  readonly look: Look;
  readonly patient: Address;
  readonly marked: boolean;
  readonly onMark: () => void;
  readonly onClose: () => void;
};

/** A look that a patient can't place: end what lets that person in, tell who watches over them, remember it. */
export function NotRecognised({ look, patient, marked, onMark, onClose }: NotRecognisedProps) {
  const { accessor } = look.entry;
  return (
    <Modal opened onClose={onClose} title="I don’t recognise this" size="lg">
      <Stack gap="md">
        <LookLine look={look} self={patient} />
        <Stop accessor={accessor} patient={patient} />
        <Tell look={look} />
        <Group>
          <Button variant="default" onClick={onMark}>
            {marked ? 'Take the mark away' : 'Mark this entry for me'}
          </Button>
          <Text size="sm" c="dimmed">
            Marks are kept in this browser. The entry itself stays as it is for everybody.
          </Text>
        </Group>
      </Stack>
    </Modal>
  );
}

function Stop({ accessor, patient }: { readonly accessor: Address; readonly patient: Address }) {
  const { standing } = useConsents(patient);
  const shares = standing.some((given) => given.accessor.toLowerCase() === accessor.toLowerCase());
  return (
    <Card component="section" aria-label="Stop sharing">
      <Title order={3} size="h5">
        1. Stop sharing with them
      </Title>
      {shares ? (
        <Stack gap="xs" mt="xs">
          <Text size="sm">They can open nothing more. What they already saw can’t be taken back.</Text>
          <SignButton
            signs="this account may no longer read your records."
            action={(client) => revokeConsent(client, { accessor })}
            button={{ color: 'red' }}
          >
            Stop sharing
          </SignButton>
        </Stack>
      ) : (
        <Text size="sm" mt="xs" role="status">
          You share nothing with this person now: they can open nothing. If they work for an organisation that
          you share with, look under Sharing.
        </Text>
      )}
    </Card>
  );
}

function Tell({ look: { entry, count } }: { readonly look: Look }) {
  const { list } = useProviders();
  const found = list.find(({ provider }) => provider.toLowerCase() === entry.accessor.toLowerCase());
  const area = found?.application.area;
  const managers = useManagers(area);
  const report = [
    'I do not recognise this entry in my access log.',
    `Provider: ${entry.accessor}${area === undefined ? '' : `, area ${area}`}`,
    `When: ${dateTimeInWords(entry.openedAt)}`,
    `Records: ${count}, decision: ${entry.decision}, purpose: ${entry.purpose}`,
    `Patient: ${entry.patient}`,
    `Entry: ${entry.sequence}, transaction ${entry.transactionHash}`,
  ].join('\n');
  return (
    <Card component="section" aria-label="Tell the manager">
      <Title order={3} size="h5">
        2. Tell the manager who verified them
      </Title>
      <Text size="sm" mt="xs">
        {area === undefined
          ? 'Nobody verified this account here.'
          : `The manager of area ${area} can suspend a provider, and can open no record.`}{' '}
        Copy the report and send it to your clinic or health authority. There is nothing of your records in
        it.
      </Text>
      {managers.length > 0 && (
        <Text size="sm" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
          On the network: {managers.join(', ')}
        </Text>
      )}
      <Group mt="sm">
        <CopyButton value={report} label="Copy the report" />
      </Group>
    </Card>
  );
}
