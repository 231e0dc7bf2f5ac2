'use client';

import type { RecordId } from '@chartkey/sdk';
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
import { useTranslations } from 'next-intl';
import type { Translate } from '../../i18n/messages.ts';
import { ErrorNotice, Loading, shortAddress, TechnicalDetails, useWords } from '../../ui/index.ts';
import { type ConsentWords, useConsentWords } from '../consent/index.ts';
import { useReader } from '../session/index.ts';
import { isInStorage, isSame, lookUp, type RecordFacts } from './lookup.ts';

/** What the chain says of a record. */
export function AboutRecord({ recordId }: { readonly recordId: RecordId }) {
  const t = useTranslations('verify');
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
      <Loading what={t('askingTheChain')} />
    );
  }
  if (query.data === null) {
    return (
      <Alert
        color="orange"
        variant="light"
        icon={<IconCircleX aria-hidden />}
        title={t('notOnThisChain')}
        role="status"
      >
        {t('noRecordOfThisId')}
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

function verdictOf(t: Translate<'verify'>, { record, version }: RecordFacts): Verdict {
  if (record.status === 'Retired') {
    return {
      color: 'red',
      icon: IconCircleX,
      title: t('endedByThePatient'),
      text: t('itWasOnTheChain'),
    };
  }
  if (record.status === 'Pending') {
    return {
      color: 'yellow',
      icon: IconHourglass,
      title: t('waitingForThePatient'),
      text: t('itWasSentToThe'),
    };
  }
  if (record.status === 'Rejected') {
    return {
      color: 'red',
      icon: IconCircleX,
      title: t('rejectedByThePatient'),
      text: t('thePatientDidNotTake'),
    };
  }
  if (version.newer !== undefined || record.superseded) {
    return {
      color: 'orange',
      icon: IconHistory,
      title: t('thereIsANewerVersion'),
      text: t('itIsOnTheChain'),
    };
  }
  return {
    color: 'teal',
    icon: IconCircleCheck,
    title: t('onTheChainAndIt'),
    text: t('itWasEnteredHasNot'),
  };
}

function Found({ facts }: { readonly facts: RecordFacts }) {
  const t = useTranslations('verify');
  const words = useWords();
  const { record, patient, version, history } = facts;
  const { color, icon: Icon, title, text } = verdictOf(t, facts);
  return (
    <Card component="section" aria-label={t('whatTheChainSays')}>
      <Stack gap="md">
        <Alert color={color} variant="light" icon={<Icon aria-hidden />} title={title} role="status">
          {text}
        </Alert>
        <Facts facts={facts} />
        <div>
          <Title order={2} size="h5" mb={4}>
            {t('whatHappenedToIt')}
          </Title>
          <List size="sm" spacing={4}>
            {history.map(({ event, at }) => (
              <List.Item key={`${event.transactionHash}${event.logIndex}`}>
                {words.dateTime(at)}: {happened(t, event.eventName)}
              </List.Item>
            ))}
          </List>
        </div>
        <TechnicalDetails
          details={[
            { name: t('recordId'), value: record.recordId },
            { name: t('envelopeNow'), value: record.envelopeDigest },
            { name: t('author'), value: record.author },
            { name: t('patientNumber'), value: patient ? `<${patient.area}, ${patient.pid}>` : t('unknown') },
            { name: t('status'), value: t(`statuses.${record.status}`) },
            ...(version.older ? [{ name: t('versionBefore'), value: version.older }] : []),
            ...(version.newer ? [{ name: t('versionAfter'), value: version.newer }] : []),
            ...history.map(({ event }) => ({
              name: event.eventName,
              value: t('block', { block: String(event.blockNumber), transaction: event.transactionHash }),
            })),
          ]}
        />
      </Stack>
    </Card>
  );
}

function happened(t: Translate<'verify'>, eventName: string): string {
  const key = `happened.${eventName}` as Parameters<typeof t>[0];
  return t.has(key) ? t(key) : t('itChanged');
}

function Facts({ facts }: { readonly facts: RecordFacts }) {
  const { roleName } = useConsentWords();
  const t = useTranslations('verify');
  const words = useWords();
  const { record, patient, version, history } = facts;
  const since = history[0]?.at;
  const rows = [
    { name: t('since'), value: since === undefined ? t('unknown') : words.dateTime(since) },
    { name: t('enteredBy'), value: authorInWords(t, roleName, facts) },
    {
      name: t('for'),
      value: patient
        ? t('aPatientOfAreaNumber', { area: patient.area, account: shortAddress(patient.pid) })
        : t('aPatient'),
    },
    { name: t('version'), value: versionInWords(t, version) },
    { name: t('sealedBytes'), value: <Stored facts={facts} key={record.recordId} /> },
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

function authorInWords(
  t: Translate<'verify'>,
  roleName: ConsentWords['roleName'],
  { record, author }: RecordFacts,
): string {
  if (isSame(record.author, record.patient)) return t('thePatient');
  const account = shortAddress(record.author);
  if (!author) return t('anAccountThatIsNo', { account });
  const standing = t(`standings.${author.status}`);
  return t('ofAreaNowAccount', { role: roleName(author.role), area: author.area, standing, account });
}

function versionInWords(t: Translate<'verify'>, { number, newer }: RecordFacts['version']) {
  if (newer === undefined) return t('theNewest', { number });
  return (
    <>
      {number};{' '}
      <Anchor component={Link} href={`/verify?record=${newer}`}>
        {t('lookAtTheNewerOne')}
      </Anchor>
    </>
  );
}

function Stored({ facts: { record } }: { readonly facts: RecordFacts }) {
  const t = useTranslations('verify');
  const query = useQuery({
    queryKey: ['verify-stored', record.envelopeDigest],
    queryFn: () => isInStorage(record),
    networkMode: 'always',
    retry: false,
  });
  if (query.isPending) return <>{t('looking')}</>;
  if (query.data === undefined) return <>{t('storageDoesNotAnswerNow')}</>;
  return <>{query.data ? t('inStorageWholeAndUnaltered') : t('noLongerInStorage')}</>;
}
