'use client';

import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { Loading, Page } from '../../ui/index.ts';

const SampleChart = dynamic(() => import('./sample-chart.tsx').then((m) => m.SampleChart), {
  ssr: false,
  loading: () => <Loading what="Making up a patient…" />,
});

/** What a chart looks like once it is open. No wallet, no chain, nobody real. */
export function DemoPage() {
  return (
    <Page
      title="A sample chart"
      lead="This is what a clinician sees after a patient gave access and the record was decrypted."
      actions={
        <Button component={Link} href="/connect">
          Connect your wallet
        </Button>
      }
    >
      <Alert variant="light" title="Made-up data">
        <Text size="sm">
          Nobody real is described here. With your own records, nothing is shown before the access stands in
          the patient’s log.
        </Text>
        <Group mt="xs">
          <Anchor component={Link} href="/" size="sm">
            What is Chartkey?
          </Anchor>
        </Group>
      </Alert>
      <SampleChart />
    </Page>
  );
}
