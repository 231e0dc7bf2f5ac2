'use client';

import { parseEmergencyCard } from '@chartkey/sdk';
import { Button, Card, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconIdOff } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { EmptyState, Page } from '../../ui/index.ts';
import { useHash } from './use-hash.ts';

/** Where the code on an emergency card leads whoever scans it, with or without a wallet. */
export function EmergencyLandingPage() {
  const t = useTranslations('breakGlass');
  const card = useHash();
  return (
    <Page title={t('emergencyCard')} lead={t('somebodyCarriesThisCard')}>
      {card === undefined ? null : isCard(card) ? (
        <Card>
          <Stack gap="sm">
            <Text>{t('whatTheCardDoes')}</Text>
            <List spacing={6}>
              <List.Item>{t('itHoldsNoName')}</List.Item>
              <List.Item>{t('onlyVerifiedClinicians')}</List.Item>
            </List>
            <div>
              <Button
                component={Link}
                href={`/clinician/emergency#${card}`}
                color="red"
                leftSection={<IconAlertTriangle size={18} aria-hidden />}
              >
                {t('iAmAClinician')}
              </Button>
            </div>
            <Text size="sm" c="dimmed">
              {t('ifYouAreNot')}
            </Text>
          </Stack>
        </Card>
      ) : (
        <EmptyState icon={<IconIdOff />} title={t('thisIsNoCard')} text={t('scanTheWholeCode')} />
      )}
    </Page>
  );
}

function isCard(text: string): boolean {
  try {
    parseEmergencyCard(text);
    return true;
  } catch {
    return false;
  }
}
