'use client';

import { Button, Collapse, Stack, Text } from '@mantine/core';
import { IconQrcode } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Loading } from '../../ui/index.ts';

const QrCode = dynamic(() => import('./qr-code.tsx').then((m) => m.QrCode), {
  ssr: false,
  loading: () => <Loading what="Drawing the code…" />,
});

/** A patient's number for a provider to scan. */
export function PatientCode({ number }: { readonly number: string }) {
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
        {shown ? 'Hide the code' : 'Show it as a code'}
      </Button>
      <Collapse expanded={shown}>
        {shown && (
          <Stack gap="xs">
            <QrCode text={number} label="Your patient number as a QR code" />
            <Text size="sm" c="dimmed">
              A provider scans it to find you. It says who to ask, and opens nothing.
            </Text>
          </Stack>
        )}
      </Collapse>
    </Stack>
  );
}
