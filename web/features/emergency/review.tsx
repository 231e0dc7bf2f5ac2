'use client';

import { type Emergency, reviewEmergency } from '@chartkey/sdk';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SignButton } from '../session/index.ts';
import { TimeLeft } from './time-left.tsx';

type ReviewProps = {
  readonly emergency: Emergency;
  /** A patient's no is a word for the manager; a manager's no suspends. */
  readonly as: 'patient' | 'manager';
};

/** Justified or not: two clicks, the second of which says what follows. */
export function Review({ emergency, as }: ReviewProps) {
  const t = useTranslations('emergency');
  const [found, setFound] = useState<'justified' | 'unjustified'>();
  if (!isOpenFor(emergency, as)) return null;
  const { emergencyId, reviewDueAt } = emergency;
  return (
    <Stack gap="xs" role="group" aria-label={t('wasItJustified')}>
      <Text fw={600}>{t('wasItJustified')}</Text>
      {as === 'patient' && reviewDueAt !== undefined && (
        <Text size="sm" c="dimmed">
          {emergency.reviewOverdue
            ? t('theTimeForItIsOver')
            : t.rich('toBeSaidWithin', { left: () => <TimeLeft until={reviewDueAt} /> })}
        </Text>
      )}
      {found === undefined ? (
        <Group gap="xs">
          <Button size="sm" variant="default" onClick={() => setFound('justified')}>
            {t('justified')}
          </Button>
          <Button size="sm" variant="light" color="red" onClick={() => setFound('unjustified')}>
            {t('notJustified')}
          </Button>
        </Group>
      ) : (
        <>
          <Text size="sm">{t(`consequence.${as}.${found}`)}</Text>
          <SignButton
            signs={t(`signsReview.${found}`)}
            action={(client) => reviewEmergency(client, { emergencyId, justified: found === 'justified' })}
            button={{ size: 'sm', ...(found === 'unjustified' && { color: 'red' }) }}
            onDone={() => setFound(undefined)}
            beside={
              <Button size="sm" variant="default" onClick={() => setFound(undefined)}>
                {t('back')}
              </Button>
            }
          >
            {t(`sayReview.${as}.${found}`)}
          </SignButton>
        </>
      )}
    </Stack>
  );
}

function isOpenFor({ state, review }: Emergency, as: ReviewProps['as']): boolean {
  if (state !== 'ended') return false;
  return review === 'None' || (review === 'Contested' && as === 'manager');
}
