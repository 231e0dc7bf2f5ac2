'use client';

import type { AccessLogView } from '@chartkey/sdk';
import { Alert, Badge, Box, Button, Card, Group, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconEye, IconFlag, IconShieldX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import {
  EmptyState,
  ErrorNotice,
  Loading,
  Page,
  TechnicalDetails,
  useWords,
  type Words,
} from '../../ui/index.ts';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { type PatientSession, RequirePatient } from '../session/index.ts';
import { type Look, LookLine, looksIn } from './log-entries.tsx';
import { NotRecognised } from './not-recognised.tsx';
import { useAccessLog } from './use-access-log.ts';
import { useMarks } from './use-marks.ts';

export function WhoLookedPage() {
  const t = useTranslations('whoLooked');
  return (
    <RequirePatient title={t('whoLooked')}>{(session) => <WhoLooked session={session} />}</RequirePatient>
  );
}

function WhoLooked({ session }: { readonly session: PatientSession }) {
  const t = useTranslations('whoLooked');
  const { view, error, retry } = useAccessLog(session.patient);
  return (
    <Page title={t('whoLooked')} lead={t('everyOpeningThroughTheKeepers')}>
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {!view && !error && <Loading what={t('readingTheLog')} />}
      {view && <Proof view={view} />}
      {view && view.entries.length === 0 && (
        <EmptyState icon={<IconEye />} title={t('nobodyHasLooked')} text={t('whenSomebodyOpensOneOf')} />
      )}
      {view && view.entries.length > 0 && <Looks view={view} session={session} />}
    </Page>
  );
}

type Row = { readonly kind: 'day'; readonly day: string } | { readonly kind: 'look'; readonly look: Look };

const DAY_PX = 44;
const LOOK_PX = 100;

function Looks({ view, session }: { readonly view: AccessLogView; readonly session: PatientSession }) {
  const t = useTranslations('whoLooked');
  const words = useWords();
  const { address, patient } = session;
  const [doubted, setDoubted] = useState<Look>();
  const marks = useMarks(patient);
  const rows = useMemo(() => rowsOf(words, looksIn(view.entries)), [words, view]);
  return (
    <>
      {doubted && (
        <NotRecognised
          look={doubted}
          patient={patient}
          marked={marks.has(doubted.entry.sequence)}
          onMark={() => marks.toggle(doubted.entry.sequence)}
          onClose={() => setDoubted(undefined)}
        />
      )}
      <Card padding={0} component="section" aria-label={t('everybodyWhoLooked')}>
        <VirtualRows
          label={t('whoLooked')}
          rows={rows}
          keyOf={(row) => (row.kind === 'day' ? row.day : String(row.look.entry.sequence))}
          heightOf={({ kind }) => (kind === 'day' ? DAY_PX : LOOK_PX)}
        >
          {(row) =>
            row.kind === 'day' ? (
              <Title order={2} size="h5" px="lg" py={10} bg="var(--ck-soft)">
                {row.day}
              </Title>
            ) : (
              <Box className="ck-row" px="lg">
                <LookLine
                  look={row.look}
                  self={address}
                  action={
                    row.look.entry.accessor.toLowerCase() !== address.toLowerCase() && (
                      <Doubt
                        marked={marks.has(row.look.entry.sequence)}
                        onClick={() => setDoubted(row.look)}
                      />
                    )
                  }
                />
              </Box>
            )
          }
        </VirtualRows>
      </Card>
    </>
  );
}

function Doubt({ marked, onClick }: { readonly marked: boolean; readonly onClick: () => void }) {
  const t = useTranslations('whoLooked');
  return (
    <Group gap="xs">
      <Button variant="subtle" color="gray" c="dimmed" size="compact-sm" ml={46} onClick={onClick}>
        {t('iDontRecogniseThis')}
      </Button>
      {marked && (
        <Badge color="red" variant="light" tt="none" leftSection={<IconFlag size={12} aria-hidden />}>
          {t('markedByYou')}
        </Badge>
      )}
    </Group>
  );
}

/** The list added up anew in this browser, against what the contract holds. */
function Proof({ view }: { readonly view: AccessLogView }) {
  const t = useTranslations('whoLooked');
  const details = [
    { name: t('entries'), value: String(view.head.count) },
    { name: t('onTheChain'), value: view.head.head },
    { name: t('addedUpHere'), value: view.recomputed },
  ];
  return (
    <Alert
      variant="light"
      color={view.complete ? 'teal' : 'red'}
      icon={view.complete ? <IconCircleCheck aria-hidden /> : <IconShieldX aria-hidden />}
      title={view.complete ? t('thisListIsComplete') : t('thisListDoesNotMatch')}
      role={view.complete ? 'status' : 'alert'}
    >
      <Text size="sm">{view.complete ? t('yourBrowserAddedUpAll') : t('entriesAreMissingOrWere')}</Text>
      <TechnicalDetails details={details} />
    </Alert>
  );
}

function rowsOf(words: Words, looks: readonly Look[]): readonly Row[] {
  const days = Map.groupBy(looks, ({ entry }) => words.date(entry.openedAt));
  return [...days].flatMap(([day, of]) => [
    { kind: 'day', day } as const,
    ...of.map((look) => ({ kind: 'look', look }) as const),
  ]);
}
