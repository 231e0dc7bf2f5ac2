'use client';

import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Loading, Page } from '../../ui/index.ts';

const SampleChart = dynamic(() => import('./sample-chart.tsx').then((m) => m.SampleChart), {
  ssr: false,
  loading: MakingUp,
});

function MakingUp() {
  const t = useTranslations('demo');
  return <Loading what={t('makingUpAPatient')} />;
}

/** What a chart looks like once it is open. No wallet, no chain, nobody real. */
export function DemoPage() {
  const t = useTranslations('demo');
  return (
    <Page
      title={t('aSampleChart')}
      lead={t('thisIsWhatAClinician')}
      actions={
        <Button component={Link} href="/connect">
          {t('connectYourWallet')}
        </Button>
      }
    >
      <Alert variant="light" title={t('madeUpData')}>
        <Text size="sm">{t('nobodyRealIsDescribedHere')}</Text>
        <Group mt="xs">
          <Anchor component={Link} href="/" size="sm">
            {t('whatIsChartkey')}
          </Anchor>
        </Group>
      </Alert>
      <SampleChart />
    </Page>
  );
}
