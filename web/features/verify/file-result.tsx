'use client';

import { Alert, Anchor, Card, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconInfoCircle, IconLock, IconPackage } from '@tabler/icons-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { TechnicalDetails } from '../../ui/index.ts';
import { useNetwork } from '../session/index.ts';
import { CompareWithMine } from './compare.tsx';
import type { Dropped } from './dropped.ts';
import { isSame } from './lookup.ts';
import { AboutRecord } from './record-result.tsx';

/** What a file is, and what the chain says of it. */
export function AboutFile({ dropped, file }: { readonly dropped: Dropped; readonly file: File }) {
  const t = useTranslations('verify');
  return (
    <Stack gap="md">
      <Card component="section" aria-label={t('theFile')}>
        <Stack gap="sm">
          <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
            {dropped.name}
          </Title>
          <Kind dropped={dropped} />
          <TechnicalDetails details={[{ name: t('sha256OfTheFile'), value: dropped.sha256 }]} />
        </Stack>
      </Card>
      {dropped.kind === 'envelope' && dropped.recordId && <AboutRecord recordId={dropped.recordId} />}
      {dropped.kind === 'other' && <CompareWithMine file={file} sha256={dropped.sha256} />}
    </Stack>
  );
}

function Kind({ dropped }: { readonly dropped: Dropped }) {
  const t = useTranslations('verify');
  if (dropped.kind === 'envelope') return <Envelope dropped={dropped} />;
  if (dropped.kind === 'age') {
    return (
      <Alert variant="light" icon={<IconLock aria-hidden />} title={t('aFileThatSomebodyEncrypted')}>
        {t('nothingOfItCanBe')}
      </Alert>
    );
  }
  if (dropped.kind === 'archive') {
    return (
      <Alert variant="light" icon={<IconPackage aria-hidden />} title={t('anArchive')}>
        {t.rich('ifItIsACharts', {
          link: (text) => (
            <Anchor component={Link} href="/patient/portable">
              {text}
            </Anchor>
          ),
        })}
      </Alert>
    );
  }
  return (
    <Alert variant="light" icon={<IconInfoCircle aria-hidden />} title={t('aReadableDocument')}>
      {t('theChainCantSayAnything')}
    </Alert>
  );
}

function Envelope({ dropped }: { readonly dropped: Extract<Dropped, { kind: 'envelope' }> }) {
  const t = useTranslations('verify');
  const { deployment } = useNetwork();
  const { says, recordId } = dropped;
  const here = says.chainId === BigInt(deployment.chainId) && isSame(says.recordIndex, deployment.records);
  if (!here) {
    return (
      <Alert color="orange" variant="light" title={t('aSealedRecordOfAnother')} role="status">
        {t('itNamesAnotherChainOr')}
      </Alert>
    );
  }
  if (!recordId) {
    return (
      <Alert color="orange" variant="light" title={t('aSealedRecordThatIs')} role="status">
        {t('itIsMadeForThis')}
      </Alert>
    );
  }
  return (
    <Alert
      color="teal"
      variant="light"
      icon={<IconCircleCheck aria-hidden />}
      title={t('aSealedRecordOfThis')}
    >
      <Text size="sm">{t('theseAreByteByByte')}</Text>
    </Alert>
  );
}
