'use client';

import { revokeConsent } from '@chartkey/sdk';
import { Button, Card, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { Address } from 'viem';
import { CopyButton, useWords } from '../../ui/index.ts';
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
  const t = useTranslations('whoLooked');
  const { accessor } = look.entry;
  return (
    <Modal opened onClose={onClose} title={t('iDontRecogniseThis')} size="lg">
      <Stack gap="md">
        <LookLine look={look} self={patient} />
        <Stop accessor={accessor} patient={patient} />
        <Tell look={look} />
        <Group>
          <Button variant="default" onClick={onMark}>
            {marked ? t('takeTheMarkAway') : t('markThisEntryForMe')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('marksAreKeptInThis')}
          </Text>
        </Group>
      </Stack>
    </Modal>
  );
}

function Stop({ accessor, patient }: { readonly accessor: Address; readonly patient: Address }) {
  const t = useTranslations('whoLooked');
  const { standing } = useConsents(patient);
  const shares = standing.some((given) => given.accessor.toLowerCase() === accessor.toLowerCase());
  return (
    <Card component="section" aria-label={t('stopSharing')}>
      <Title order={3} size="h5">
        {t('stopSharingStep')}
      </Title>
      {shares ? (
        <Stack gap="xs" mt="xs">
          <Text size="sm">{t('theyCanOpenNothingMore')}</Text>
          <SignButton
            signs={t('thisAccountMayNoLonger')}
            action={(client) => revokeConsent(client, { accessor })}
            button={{ color: 'red' }}
          >
            {t('stopSharing')}
          </SignButton>
        </Stack>
      ) : (
        <Text size="sm" mt="xs" role="status">
          {t('youShareNothingWithThis')}
        </Text>
      )}
    </Card>
  );
}

function Tell({ look: { entry, entries } }: { readonly look: Look }) {
  const t = useTranslations('whoLooked');
  const words = useWords();
  const { list } = useProviders();
  const found = list.find(({ provider }) => provider.toLowerCase() === entry.accessor.toLowerCase());
  const area = found?.application.area;
  const managers = useManagers(area);
  const report = [
    t('iDoNotRecogniseThis'),
    area === undefined
      ? t('reportProvider', { account: entry.accessor })
      : t('reportProviderOfArea', { account: entry.accessor, area }),
    t('reportWhen', { time: words.dateTime(entry.openedAt) }),
    t('recordsDecisionPurpose', { count: entries.length, decision: entry.decision, purpose: entry.purpose }),
    t('reportPatient', { account: entry.patient }),
    t('entryTransaction', {
      number: entry.sequence,
      transaction: entry.transactionHash,
    }),
  ].join('\n');
  return (
    <Card component="section" aria-label={t('tellTheManager')}>
      <Title order={3} size="h5">
        {t('tellTheManagerStep')}
      </Title>
      <Text size="sm" mt="xs">
        {area === undefined ? t('nobodyVerifiedThisAccountHere') : t('theManagerOfAreaCan', { area })}{' '}
        {t('copyTheReportAndSend')}
      </Text>
      {managers.length > 0 && (
        <Text size="sm" c="dimmed" mt={4} style={{ overflowWrap: 'anywhere' }}>
          {t('onTheNetwork', { accounts: managers.join(', ') })}
        </Text>
      )}
      <Group mt="sm">
        <CopyButton value={report} label={t('copyTheReport')} />
      </Group>
    </Card>
  );
}
