'use client';

import { Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { Address } from 'viem';
import { ErrorNotice, Loading } from '../../ui/index.ts';
import { useRecords } from '../records/index.ts';
import { SigningStatus, SwitchNetwork, useSession } from '../session/index.ts';
import { type OlderRecord, StorageSignInStatus, useVault } from '../vault/index.ts';
import { useMove } from './use-move.ts';

/** Records that are still under an older key, and the way to the new one. */
export function MoveRecords({ patient }: { readonly patient: Address }) {
  const t = useTranslations('keys');
  const vault = useVault();
  // With the names of folders: what is left behind can't be read with the new key alone.
  const active = useRecords(patient, { whole: true }).all.filter(({ status }) => status === 'Active');
  const { wrongNetwork } = useSession();
  const move = useMove(patient);
  const envelopes = active.map(({ envelopeDigest }) => envelopeDigest);
  const older = useQuery({
    queryKey: ['older-records', vault.unlocked, ...envelopes],
    enabled: vault.unlocked !== undefined && active.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: () => vault.olderRecords(active.map(({ recordId }) => recordId)),
    placeholderData: (previous) => previous,
  });
  if (vault.unlocked === undefined || active.length === 0) return null;
  if (older.isPending) return <Loading what={t('lookingWhichKeyYourRecords')} />;
  const left = older.data ?? [];
  return (
    <Card component="section" aria-label={t('recordsUnderAnOlderKey')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('recordsUnderAnOlderKey')}
        </Title>
        {left.length === 0 && !move.busy && (
          <Group gap="xs" wrap="nowrap" role="status">
            <IconCircleCheck
              size={18}
              color="var(--mantine-color-teal-light-color)"
              style={{ flexShrink: 0 }}
              aria-hidden
            />
            <Text>{t('allYourRecordsAreUnder')}</Text>
          </Group>
        )}
        {left.length > 0 && !move.busy && <Left records={left} />}
        {move.busy && (
          <>
            <Text role="status">{t('ofMoved', { done: move.done, total: move.total })}</Text>
            <Progress value={(100 * move.done) / Math.max(1, move.total)} aria-label={t('recordsMoved')} />
          </>
        )}
        {left.length > 0 && wrongNetwork && <SwitchNetwork />}
        {left.length > 0 && !wrongNetwork && (
          <Group>
            <Button onClick={() => void move.start(left)} loading={move.busy}>
              {t('moveRecords', { count: left.length })}
            </Button>
          </Group>
        )}
        <StorageSignInStatus signIn={move.signIn} />
        <SigningStatus signing={move.signing} />
        {move.error !== undefined && <ErrorNotice error={move.error} />}
        {older.error && <ErrorNotice error={older.error} onRetry={() => void older.refetch()} />}
      </Stack>
    </Card>
  );
}

function Left({ records }: { readonly records: readonly OlderRecord[] }) {
  const t = useTranslations('keys');
  const lost = records.filter(({ own }) => !own).length;
  return (
    <>
      <Text>{t('recordsAreNotUnderYour', { count: records.length })}</Text>
      <Text size="sm" c="dimmed">
        {t('signOnceForEachRecord')}
        {lost > 0 && ` ${t('mustBeOpenedByThe', { count: lost })}`}
      </Text>
    </>
  );
}
