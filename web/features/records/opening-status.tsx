'use client';

import { describeDecision } from '@chartkey/sdk';
import { Alert, Group, Text } from '@mantine/core';
import { IconCircleCheck, IconLockX } from '@tabler/icons-react';
import { ErrorNotice, Loading } from '../../ui/index.ts';
import { SigningStatus } from '../session/index.ts';
import type { OpeningHandle } from './use-opening.ts';

/** Where an opening stands: signature, keepers, what was refused and why. */
export function OpeningStatus({ opening }: { readonly opening: OpeningHandle }) {
  const { signing, fetching, outcome, refused, error, retry } = opening;
  const reasons = [...new Set(refused.map(({ decision }) => describeDecision(decision)))];
  return (
    <>
      <SigningStatus signing={signing} />
      {fetching && <Loading what="Asking the keepers, then decrypting in this browser…" />}
      {refused.length > 0 && (
        <Alert
          color="orange"
          variant="light"
          icon={<IconLockX aria-hidden />}
          role="alert"
          title={refused.length === 1 ? 'One record was refused' : `${refused.length} records were refused`}
        >
          <Text size="sm">{reasons.join(' ')} The attempt stands in the patient’s log.</Text>
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
            {outcome.keepers.answered} of {outcome.keepers.total} keepers answered. Decrypted in this browser;
            the entry stands in the log.
          </Text>
        </Group>
      )}
      {outcome && outcome.records.length > 0 && outcome.failed[0] && (
        <ErrorNotice error={outcome.failed[0].error} onRetry={retry && (() => void retry())} />
      )}
    </>
  );
}
