'use client';

import { describeDecision } from '@chartkey/sdk';
import { Alert, Group, Text } from '@mantine/core';
import { IconCircleCheck, IconLockX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { ErrorNotice, Loading, useSaid } from '../../ui/index.ts';
import { SigningStatus } from '../session/index.ts';
import type { OpeningHandle } from './use-opening.ts';

/** Where an opening stands: signature, keepers, what was refused and why. */
export function OpeningStatus({ opening }: { readonly opening: OpeningHandle }) {
  const t = useTranslations('records');
  const said = useSaid();
  const { signing, fetching, outcome, refused, error, retry } = opening;
  const reasons = [...new Set(refused.map(({ decision }) => said(describeDecision(decision))))];
  return (
    <>
      <SigningStatus signing={signing} />
      {fetching && <Loading what={t('askingTheKeepersThenDecrypting')} />}
      {refused.length > 0 && (
        <Alert
          color="orange"
          variant="light"
          icon={<IconLockX aria-hidden />}
          role="alert"
          title={t('recordsWereRefused', { count: refused.length })}
        >
          <Text size="sm">{t('theAttemptStandsInThe', { reasons: reasons.join(' ') })}</Text>
        </Alert>
      )}
      {error !== undefined && error !== null && (
        <ErrorNotice error={error} onRetry={retry && (() => void retry())} />
      )}
      {outcome && outcome.records.length > 0 && (
        <Group gap="xs" role="status" wrap="nowrap" align="flex-start">
          <IconCircleCheck
            size={18}
            style={{ flexShrink: 0 }}
            color="var(--mantine-color-teal-light-color)"
            aria-hidden
          />
          <Text size="sm" c="dimmed">
            {t('ofKeepersAnsweredDecryptedIn', {
              answered: outcome.keepers.answered,
              total: outcome.keepers.total,
            })}
          </Text>
        </Group>
      )}
      {outcome && outcome.records.length > 0 && outcome.failed[0] && (
        <ErrorNotice error={outcome.failed[0].error} onRetry={retry && (() => void retry())} />
      )}
    </>
  );
}
