'use client';

import { Button, Card, Checkbox, Code, Group, Stack, Text, Title } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { bold, CopyButton, useWords } from '../../ui/index.ts';

type RecoveryKitProps = {
  readonly code: string;
  readonly kept: boolean;
  readonly onKept: (kept: boolean) => void;
};

/** Shown once. Printed, it is a page of its own: what it is, the code, and the code to scan. */
export function RecoveryKit({ code, kept, onKept }: RecoveryKitProps) {
  const t = useTranslations('keys');
  const words = useWords();
  return (
    <Card component="section" aria-label={t('recoveryKit')} className="ck-print-alone">
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('yourRecoveryKit')}
        </Title>
        <Text>{t.rich('thisCodeOpensYourRecords', { b: bold })}</Text>
        <Group gap="lg" align="center">
          <QrCode text={code} />
          <Stack gap="xs" style={{ flex: '1 1 260px', minWidth: 0 }}>
            <Text size="sm" c="dimmed">
              {t('recoveryCode')}
            </Text>
            <Code
              block
              fz={{ base: 'md', sm: 'lg' }}
              style={{ whiteSpace: 'normal', overflowWrap: 'anywhere', letterSpacing: '0.04em' }}
              data-testid="recovery-code"
            >
              {code}
            </Code>
            <Text size="sm" c="dimmed">
              {t('madeOnToUseIt', { date: words.date(Date.now() / 1000) })}
            </Text>
          </Stack>
        </Group>
        <Group gap="xs" className="ck-no-print">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPrinter size={14} aria-hidden />}
            onClick={() => window.print()}
          >
            {t('printTheKit')}
          </Button>
          <CopyButton value={code} label={t('copyTheCode')} />
        </Group>
        <Checkbox
          className="ck-no-print"
          label={t('iHaveStoredTheCode')}
          checked={kept}
          onChange={(event) => onKept(event.currentTarget.checked)}
        />
      </Stack>
    </Card>
  );
}

const QR_SIZE = 148;

/** Drawn as one path, so that no markup is made out of text. */
function QrCode({ text }: { readonly text: string }) {
  const t = useTranslations('keys');
  const [rows, setRows] = useState<readonly (readonly boolean[])[]>();
  useEffect(() => {
    let gone = false;
    void import('qr').then(({ encodeQR }) => {
      if (!gone) setRows(encodeQR(text, 'raw', { ecc: 'medium', border: 2 }));
    });
    return () => {
      gone = true;
    };
  }, [text]);
  if (!rows) return <div style={{ width: QR_SIZE, height: QR_SIZE }} />;
  const path = rows.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg
      role="img"
      aria-label={t('theRecoveryCodeToScan')}
      width={QR_SIZE}
      height={QR_SIZE}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      shapeRendering="crispEdges"
      style={{ background: '#fff', borderRadius: 8, flexShrink: 0 }}
    >
      <path d={path.join('')} fill="#000" />
    </svg>
  );
}
