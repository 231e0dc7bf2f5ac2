'use client';

import type { LogEntry } from '@chartkey/sdk';
import { Badge, Box, Button, Card, Group, Title } from '@mantine/core';
import { IconEye, IconFlag } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { EmptyState, ErrorNotice, Loading, Page, useWords, type Words } from '../../ui/index.ts';
import { VirtualRows } from '../../ui/virtual-rows.tsx';
import { PeriodProof, ProofBanner, type ProvenLog, RowProof, useProvenLog } from '../audit-proof/index.ts';
import { type PatientSession, RequirePatient } from '../session/index.ts';
import { type Look, LookLine, looksIn } from './log-entries.tsx';
import { NotRecognised } from './not-recognised.tsx';
import { useMarks } from './use-marks.ts';

export function WhoLookedPage() {
  const t = useTranslations('whoLooked');
  return (
    <RequirePatient title={t('whoLooked')}>{(session) => <WhoLooked session={session} />}</RequirePatient>
  );
}

function WhoLooked({ session }: { readonly session: PatientSession }) {
  const t = useTranslations('whoLooked');
  const { log, error, retry } = useProvenLog(session.patient);
  return (
    <Page title={t('whoLooked')} lead={t('everyOpeningThroughTheKeepers')}>
      {error !== undefined && error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {!log && !error && <Loading what={t('readingTheLog')} />}
      {log && <ProofBanner log={log} />}
      {log && log.entries.length === 0 && (
        <EmptyState icon={<IconEye />} title={t('nobodyHasLooked')} text={t('whenSomebodyOpensOneOf')} />
      )}
      {log && log.entries.length > 0 && <Looks log={log} session={session} />}
    </Page>
  );
}

type Row =
  | { readonly kind: 'day'; readonly day: string; readonly at: number }
  | { readonly kind: 'look'; readonly look: Look };

const DAY_PX = 44;
const LOOK_PX = 100;

function Looks({ log, session }: { readonly log: ProvenLog; readonly session: PatientSession }) {
  const t = useTranslations('whoLooked');
  const words = useWords();
  const { address, patient } = session;
  const [doubted, setDoubted] = useState<Look>();
  const marks = useMarks(patient);
  const rows = useMemo(() => rowsOf(words, looksIn(log.entries)), [words, log.entries]);
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
              <Group justify="space-between" px="lg" py={10} bg="var(--ck-soft)">
                <Title order={2} size="h5">
                  {row.day}
                </Title>
                <PeriodProof log={log} period={dayAround(row.at)} about={row.day} />
              </Group>
            ) : (
              <Box className="ck-row" px="lg">
                <LookLine
                  look={row.look}
                  self={address}
                  action={
                    <Group gap="xs" ml={46}>
                      <RowProof log={log} entry={mostDoubtful(log, row.look)} />
                      {row.look.entry.accessor.toLowerCase() !== address.toLowerCase() && (
                        <Doubt
                          marked={marks.has(row.look.entry.sequence)}
                          onClick={() => setDoubted(row.look)}
                        />
                      )}
                    </Group>
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
      <Button variant="subtle" color="gray" c="dimmed" size="compact-sm" onClick={onClick}>
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

/** Of the entries of one look the one where the list breaks, if it breaks there. */
function mostDoubtful({ verdict }: ProvenLog, { entry, entries }: Look): LogEntry {
  return entries.find(({ sequence }) => sequence === verdict.fault?.sequence) ?? entry;
}

/** The day where the reader is. @param at Unix seconds */
function dayAround(at: number): { readonly from: number; readonly until: number } {
  const day = new Date(at * 1000);
  const midnight = (later: number) =>
    new Date(day.getFullYear(), day.getMonth(), day.getDate() + later).getTime() / 1000;
  return { from: midnight(0), until: midnight(1) };
}

function rowsOf(words: Words, looks: readonly Look[]): readonly Row[] {
  const days = Map.groupBy(looks, ({ entry }) => words.date(entry.openedAt));
  return [...days].flatMap(([day, of]) => [
    { kind: 'day', day, at: of[0]?.entry.openedAt ?? 0 } as const,
    ...of.map((look) => ({ kind: 'look', look }) as const),
  ]);
}
