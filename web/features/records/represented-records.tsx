'use client';

import { type IndexedRecord, MAX_OPENING_BATCH } from '@chartkey/sdk';
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { OpenedRecords } from './opened-records.tsx';
import { OpeningStatus } from './opening-status.tsx';
import { useOpening } from './use-opening.ts';

/** For whoever acts in a patient's name: several records through the keepers with one signature. */
export function RepresentedRecords({ active }: { readonly active: readonly IndexedRecord[] }) {
  const t = useTranslations('records');
  const opening = useOpening();
  const ids = active.slice(0, MAX_OPENING_BATCH).map(({ recordId }) => recordId);
  const busy = opening.signing.busy || opening.fetching;
  return (
    <>
      <Card component="section" aria-label={t('openForThePatient')}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            {t('openForThePatient')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('theKeepersReleaseThemToYou')}
          </Text>
          {ids.length > 0 && (
            <Group>
              <Button loading={busy} onClick={() => void opening.open(ids, 'PATRQT')}>
                {t('openRecords', { count: ids.length })}
              </Button>
            </Group>
          )}
          {ids.length > 0 && !busy && (
            <Text size="sm" c="dimmed">
              {t('yourWalletWillAskYouForThem')}
            </Text>
          )}
          <OpeningStatus opening={opening} />
          <Text size="sm" c="dimmed">
            {t('addingTakesThePatient')}
          </Text>
        </Stack>
      </Card>
      <OpenedRecords records={opening.outcome?.records ?? []} />
    </>
  );
}
