'use client';

import { Button, Collapse, Stack, Text } from '@mantine/core';
import { IconQrcode } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { QrCode } from './lazy-qr-code.tsx';

/** A patient's number for a provider to scan. */
export function PatientCode({ number }: { readonly number: string }) {
  const t = useTranslations('patientNumber');
  const [shown, setShown] = useState(false);
  return (
    <Stack gap="sm" align="flex-start">
      <Button
        variant="default"
        size="xs"
        leftSection={<IconQrcode size={14} aria-hidden />}
        aria-expanded={shown}
        onClick={() => setShown(!shown)}
      >
        {shown ? t('hideTheCode') : t('showItAsACode')}
      </Button>
      <Collapse expanded={shown}>
        {shown && (
          <Stack gap="xs">
            <QrCode text={number} label={t('yourPatientNumberAsA')} />
            <Text size="sm" c="dimmed">
              {t('aProviderScansItTo')}
            </Text>
          </Stack>
        )}
      </Collapse>
    </Stack>
  );
}
