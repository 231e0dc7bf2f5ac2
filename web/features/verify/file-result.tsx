'use client';

import { Alert, Anchor, Card, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconInfoCircle, IconLock, IconPackage } from '@tabler/icons-react';
import Link from 'next/link';
import { TechnicalDetails } from '../../ui/index.ts';
import { useNetwork } from '../session/index.ts';
import { CompareWithMine } from './compare.tsx';
import type { Dropped } from './dropped.ts';
import { isSame } from './lookup.ts';
import { AboutRecord } from './record-result.tsx';

/** What a file is, and what the chain says of it. */
export function AboutFile({ dropped, file }: { readonly dropped: Dropped; readonly file: File }) {
  return (
    <Stack gap="md">
      <Card component="section" aria-label="The file">
        <Stack gap="sm">
          <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
            {dropped.name}
          </Title>
          <Kind dropped={dropped} />
          <TechnicalDetails details={[{ name: 'SHA-256 of the file', value: dropped.sha256 }]} />
        </Stack>
      </Card>
      {dropped.kind === 'envelope' && dropped.recordId && <AboutRecord recordId={dropped.recordId} />}
      {dropped.kind === 'other' && <CompareWithMine file={file} sha256={dropped.sha256} />}
    </Stack>
  );
}

function Kind({ dropped }: { readonly dropped: Dropped }) {
  if (dropped.kind === 'envelope') return <Envelope dropped={dropped} />;
  if (dropped.kind === 'age') {
    return (
      <Alert variant="light" icon={<IconLock aria-hidden />} title="A file that somebody encrypted">
        Nothing of it can be read here, nor compared with the chain. Whoever has its passphrase can import it
        and look.
      </Alert>
    );
  }
  if (dropped.kind === 'archive') {
    return (
      <Alert variant="light" icon={<IconPackage aria-hidden />} title="An archive">
        If it is a chart’s export, the ids of its records stand in its manifest.json: look one up above. That
        a file in it is what the record holds, only somebody who may open the record can tell.{' '}
        <Anchor component={Link} href="/patient/portable">
          Import checks every file
        </Anchor>{' '}
        against the manifest.
      </Alert>
    );
  }
  return (
    <Alert variant="light" icon={<IconInfoCircle aria-hidden />} title="A readable document">
      The chain can’t say anything about it by itself: no fingerprint of readable documents is kept anywhere,
      so that nobody can try out guesses. Ask for its record id and look that up; whoever may open that record
      can compare the two.
    </Alert>
  );
}

function Envelope({ dropped }: { readonly dropped: Extract<Dropped, { kind: 'envelope' }> }) {
  const { deployment } = useNetwork();
  const { says, recordId } = dropped;
  const here = says.chainId === BigInt(deployment.chainId) && isSame(says.recordIndex, deployment.records);
  if (!here) {
    return (
      <Alert color="orange" variant="light" title="A sealed record of another network" role="status">
        It names another chain or another index, so this network can say nothing about it.
      </Alert>
    );
  }
  if (!recordId) {
    return (
      <Alert color="orange" variant="light" title="A sealed record that is not on the chain" role="status">
        It is made for this network, but was never entered, or its bytes were changed.
      </Alert>
    );
  }
  return (
    <Alert
      color="teal"
      variant="light"
      icon={<IconCircleCheck aria-hidden />}
      title="A sealed record of this network"
    >
      <Text size="sm">
        These are, byte by byte, the sealed bytes that the chain names: the record’s address is made of them.
      </Text>
    </Alert>
  );
}
