'use client';

import { describeRole, type RecordId } from '@chartkey/sdk';
import { Alert, Anchor, Card, List, Stack, Text, Title } from '@mantine/core';
import {
  IconCircleCheck,
  IconCircleX,
  IconHistory,
  IconHourglass,
  type TablerIcon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { dateTimeInWords, ErrorNotice, Loading, shortAddress, TechnicalDetails } from '../../ui/index.ts';
import { useReader } from '../session/index.ts';
import { isInStorage, isSame, lookUp, type RecordFacts } from './lookup.ts';

/** What the chain says of a record. */
export function AboutRecord({ recordId }: { readonly recordId: RecordId }) {
  const reader = useReader();
  const query = useQuery({
    queryKey: ['verify', recordId],
    queryFn: async () => (await lookUp(reader, recordId)) ?? null,
    networkMode: 'always',
    retry: false,
  });
  if (query.data === undefined) {
    return query.error ? (
      <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Loading what="Asking the chain…" />
    );
  }
  if (query.data === null) {
    return (
      <Alert
        color="orange"
        variant="light"
        icon={<IconCircleX aria-hidden />}
        title="Not on this chain"
        role="status"
      >
        No record of this id was ever entered here. It may belong to another network, or the id may be wrong.
      </Alert>
    );
  }
  return <Found facts={query.data} />;
}

type Verdict = {
  readonly color: string;
  readonly icon: TablerIcon;
  readonly title: string;
  readonly text: string;
};

function verdictOf({ record, version }: RecordFacts): Verdict {
  if (record.status === 'Retired') {
    return {
      color: 'red',
      icon: IconCircleX,
      title: 'Ended by the patient',
      text: 'It was on the chain and was ended for good. Keepers release it to nobody.',
    };
  }
  if (record.status === 'Pending') {
    return {
      color: 'yellow',
      icon: IconHourglass,
      title: 'Waiting for the patient',
      text: 'It was sent to the patient, who has neither accepted nor rejected it.',
    };
  }
  if (record.status === 'Rejected') {
    return {
      color: 'red',
      icon: IconCircleX,
      title: 'Rejected by the patient',
      text: 'The patient did not take it into their chart.',
    };
  }
  if (version.newer !== undefined || record.superseded) {
    return {
      color: 'orange',
      icon: IconHistory,
      title: 'There is a newer version',
      text: 'It is on the chain, and was replaced by a newer version since.',
    };
  }
  return {
    color: 'teal',
    icon: IconCircleCheck,
    title: 'On the chain, and it counts',
    text: 'It was entered, has not been ended, and no newer version replaces it.',
  };
}

function Found({ facts }: { readonly facts: RecordFacts }) {
  const { record, patient, version, history } = facts;
  const { color, icon: Icon, title, text } = verdictOf(facts);
  return (
    <Card component="section" aria-label="What the chain says">
      <Stack gap="md">
        <Alert color={color} variant="light" icon={<Icon aria-hidden />} title={title} role="status">
          {text}
        </Alert>
        <Facts facts={facts} />
        <div>
          <Title order={2} size="h5" mb={4}>
            What happened to it
          </Title>
          <List size="sm" spacing={4}>
            {history.map(({ event, at }) => (
              <List.Item key={`${event.transactionHash}${event.logIndex}`}>
                {dateTimeInWords(at)}: {HAPPENED[event.eventName] ?? 'it changed'}
              </List.Item>
            ))}
          </List>
        </div>
        <TechnicalDetails
          details={[
            { name: 'Record id', value: record.recordId },
            { name: 'Envelope now', value: record.envelopeDigest },
            { name: 'Author', value: record.author },
            { name: 'Patient number', value: patient ? `<${patient.area}, ${patient.pid}>` : 'unknown' },
            { name: 'Status', value: record.status },
            ...(version.older ? [{ name: 'Version before', value: version.older }] : []),
            ...(version.newer ? [{ name: 'Version after', value: version.newer }] : []),
            ...history.map(({ event }) => ({
              name: event.eventName,
              value: `block ${event.blockNumber}, ${event.transactionHash}`,
            })),
          ]}
        />
      </Stack>
    </Card>
  );
}

const HAPPENED: Readonly<Record<string, string>> = {
  RecordAdded: 'it was added',
  RecordSubmitted: 'it was sent to the patient',
  RecordAccepted: 'the patient accepted it',
  RecordRejected: 'the patient rejected it',
  RecordSuperseded: 'versions of it were linked',
  RecordRewrapped: 'it was sealed anew, its content unchanged',
  RecordMoved: 'the patient moved it to another folder',
  RecordRetired: 'the patient ended it for good',
};

function Facts({ facts }: { readonly facts: RecordFacts }) {
  const { record, patient, version, history } = facts;
  const since = history[0]?.at;
  const rows = [
    { name: 'Since', value: since === undefined ? 'unknown' : dateTimeInWords(since) },
    { name: 'Entered by', value: authorInWords(facts) },
    {
      name: 'For',
      value: patient ? `a patient of area ${patient.area}, number ${shortAddress(patient.pid)}` : 'a patient',
    },
    { name: 'Version', value: versionInWords(version) },
    { name: 'Sealed bytes', value: <Stored facts={facts} key={record.recordId} /> },
  ];
  return (
    <dl style={{ margin: 0, display: 'grid', gap: 8 }}>
      {rows.map(({ name, value }) => (
        <div key={name} style={{ display: 'flex', flexWrap: 'wrap', columnGap: 12 }}>
          <Text component="dt" c="dimmed" w={110}>
            {name}
          </Text>
          <Text component="dd" m={0} style={{ flex: '1 1 200px', overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </div>
      ))}
    </dl>
  );
}

function authorInWords({ record, author }: RecordFacts): string {
  if (isSame(record.author, record.patient)) return 'the patient';
  const account = shortAddress(record.author);
  if (!author) return `an account that is no provider, ${account}`;
  const standing = author.status === 'Verified' ? 'verified' : author.status.toLowerCase();
  return `${describeRole(author.role)} of area ${author.area} (${standing} now), account ${account}`;
}

function versionInWords({ number, newer }: RecordFacts['version']) {
  if (newer === undefined) return `${number}, the newest`;
  return (
    <>
      {number};{' '}
      <Anchor component={Link} href={`/verify?record=${newer}`}>
        look at the newer one
      </Anchor>
    </>
  );
}

function Stored({ facts: { record } }: { readonly facts: RecordFacts }) {
  const query = useQuery({
    queryKey: ['verify-stored', record.envelopeDigest],
    queryFn: () => isInStorage(record),
    networkMode: 'always',
    retry: false,
  });
  if (query.isPending) return <>looking…</>;
  if (query.data === undefined) return <>storage does not answer now</>;
  return <>{query.data ? 'in storage, whole and unaltered' : 'no longer in storage'}</>;
}
