'use client';

import { Button, Group, TextInput } from '@mantine/core';
import { IconScan } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useCallback, useState } from 'react';
import { Loading } from '../../ui/index.ts';

/** The decoder comes when somebody scans. */
const ScanDialog = dynamic(() => import('./scan-dialog.tsx').then((m) => m.ScanDialog), {
  ssr: false,
  loading: GettingReady,
});

function GettingReady() {
  const t = useTranslations('patientNumber');
  return <Loading what={t('gettingReady')} />;
}

type PatientFieldProps = {
  readonly label: string;
  readonly description: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly error?: string | undefined;
};

/** A patient's number, typed, pasted or scanned. The camera starts upon a click and at no other time. */
export function PatientField({ label, description, value, onChange, error }: PatientFieldProps) {
  const t = useTranslations('patientNumber');
  const [scanning, setScanning] = useState(false);
  const close = useCallback(() => setScanning(false), []);
  const found = useCallback(
    (text: string) => {
      setScanning(false);
      onChange(text);
    },
    [onChange],
  );
  return (
    <Group align="flex-end" gap="sm">
      <TextInput
        label={label}
        description={description}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
        autoComplete="off"
        spellCheck={false}
        inputWrapperOrder={['label', 'description', 'input', 'error']}
        style={{ flex: '1 1 260px' }}
      />
      <Button
        variant="default"
        leftSection={<IconScan size={16} aria-hidden />}
        onClick={() => setScanning(true)}
      >
        {t('scanACode')}
      </Button>
      {scanning && <ScanDialog onClose={close} onFound={found} />}
    </Group>
  );
}
