'use client';

import { type ChartkeyClient, fileDigest, type RecordId, recordsOf } from '@chartkey/sdk';
import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Address, Hex } from 'viem';
import { ErrorNotice, Loading } from '../../ui/index.ts';
import { useReader, useSession } from '../session/index.ts';
import { UnlockPanel, useVault } from '../vault/index.ts';

type CompareProps = { readonly file: File; readonly sha256: Hex };

/** For a patient: whether a document is, byte by byte, one of their own records. */
export function CompareWithMine({ file, sha256 }: CompareProps) {
  const t = useTranslations('verify');
  const { patient } = useSession();
  const vault = useVault();
  const [asked, setAsked] = useState(false);
  if (!patient) return null;
  return (
    <Card component="section" aria-label={t('compareWithMyRecords')}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t('isItOneOfMy')}
        </Title>
        {vault.unlocked === undefined ? (
          <UnlockPanel patient={patient} text={t('unlockYourChartAndThis')} />
        ) : asked ? (
          <Comparison file={file} sha256={sha256} patient={patient} />
        ) : (
          <Group>
            <Button onClick={() => setAsked(true)}>{t('compareWithMyRecords')}</Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

function Comparison({ file, sha256, patient }: CompareProps & { readonly patient: Address }) {
  const t = useTranslations('verify');
  const reader = useReader();
  const vault = useVault();
  const query = useQuery({
    queryKey: ['compare', vault.unlocked, sha256],
    gcTime: 0,
    retry: false,
    queryFn: () => findSame(reader, vault, { patient, length: file.size, sha256 }),
  });
  if (query.isPending) return <Loading what={t('openingYourRecordsOfThis')} />;
  if (query.error) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) {
    return (
      <Alert
        color="orange"
        variant="light"
        icon={<IconCircleX aria-hidden />}
        title={t('noneOfYourRecords')}
        role="status"
      >
        {t('noRecordInYourChart')}
      </Alert>
    );
  }
  return (
    <Alert
      color="teal"
      variant="light"
      icon={<IconCircleCheck aria-hidden />}
      title={t('itIsOneOfYour')}
      role="status"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('theRecordWasOpenedHere')}</Text>
        <Button component={Link} href={`/patient/records/${query.data}`} variant="default" size="xs">
          {t('goToTheRecord')}
        </Button>
      </Stack>
    </Alert>
  );
}

type Wanted = { readonly patient: Address; readonly length: number; readonly sha256: Hex };

/** Only records of the same length are opened: the sealed metadata says how long each is. */
async function findSame(
  reader: ChartkeyClient,
  vault: Pick<ReturnType<typeof useVault>, 'titles' | 'openOwn'>,
  { patient, length, sha256 }: Wanted,
): Promise<RecordId | null> {
  const records = await recordsOf(reader, { patient });
  const titles = await vault.titles(records);
  for (const [recordId, title] of titles) {
    if (title.length !== length) continue;
    const { content } = await vault.openOwn(recordId);
    if ((await fileDigest(content)) === sha256) return recordId;
  }
  return null;
}
