'use client';

import { Alert, Button, Card, Group, List, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconCircleCheck, IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type FormEvent, useState } from 'react';
import { getAddress } from 'viem';
import { ErrorNotice, Loading, Page, TechnicalDetails, useWords } from '../../ui/index.ts';
import { faultInWords, findingInWords, ProofMark } from '../audit-proof/index.ts';
import { useIndex } from '../lists/index.ts';
import { useJob } from '../save/index.ts';
import { useReader } from '../session/index.ts';
import { filterOf, NO_FILTER, problemsOf } from './filter.ts';
import { type BrokenLog, checkIntegrity, type Integrity } from './integrity.ts';

const NOTHING = { patient: '', from: '', until: '' };

/** Whole logs, of one patient or of everybody, held against their heads on the chain. */
export function IntegrityPage() {
  const t = useTranslations('auditor');
  const reader = useReader();
  const { index } = useIndex();
  const job = useJob<number>();
  const [draft, setDraft] = useState(NOTHING);
  const [result, setResult] = useState<Integrity>();
  const asked = { ...NO_FILTER, ...draft };
  const problems = problemsOf(asked);
  const set = (changed: Partial<typeof NOTHING>) => setDraft({ ...draft, ...changed });
  const check = (event: FormEvent) => {
    event.preventDefault();
    const { from = 0, until = Number.POSITIVE_INFINITY, patient } = filterOf(asked);
    void job.run(async (signal, onProgress) => {
      setResult(undefined);
      const period = { from, until };
      setResult(await checkIntegrity(reader, { patient, period, index: await index(), signal, onProgress }));
    });
  };
  return (
    <Page title={t('integrity')} lead={t('whetherLogsAreComplete')}>
      <Card>
        <form onSubmit={check} noValidate>
          <Stack gap="md">
            <Group align="flex-start" gap="md">
              <TextInput
                label={t('patientOrEverybody')}
                placeholder="0x…"
                value={draft.patient}
                onChange={({ currentTarget }) => set({ patient: currentTarget.value })}
                error={problems.patient && t(`problems.${problems.patient}`)}
                autoComplete="off"
                spellCheck={false}
                style={{ flex: '1 1 260px' }}
              />
              <TextInput
                type="date"
                label={t('fields.from')}
                value={draft.from}
                onChange={({ currentTarget }) => set({ from: currentTarget.value })}
              />
              <TextInput
                type="date"
                label={t('fields.until')}
                value={draft.until}
                onChange={({ currentTarget }) => set({ until: currentTarget.value })}
                error={problems.until && t(`problems.${problems.until}`)}
              />
            </Group>
            <Group>
              {job.busy ? (
                <Button variant="default" onClick={job.cancel}>
                  {t('cancel')}
                </Button>
              ) : (
                <Button
                  type="submit"
                  disabled={Object.keys(problems).length > 0}
                  leftSection={<IconShieldCheck size={18} aria-hidden />}
                >
                  {t('checkAgainstTheChain')}
                </Button>
              )}
            </Group>
          </Stack>
        </form>
      </Card>
      {job.busy && <Loading what={t('logsChecked', { count: job.progress ?? 0 })} />}
      {job.error !== undefined && <ErrorNotice error={job.error} />}
      {result && !job.busy && <Result result={result} hasPeriod={draft.from !== '' || draft.until !== ''} />}
    </Page>
  );
}

type ResultProps = { readonly result: Integrity; readonly hasPeriod: boolean };

function Result({ result, hasPeriod }: ResultProps) {
  const t = useTranslations('auditor');
  const words = useWords();
  const { block, broken, entries, inPeriod, logs, source } = result;
  const isWhole = broken.length === 0;
  return (
    <>
      <Alert
        variant="light"
        color={isWhole ? 'teal' : 'red'}
        icon={isWhole ? <IconCircleCheck aria-hidden /> : <IconShieldX aria-hidden />}
        title={
          isWhole
            ? t('everyLogIsProven', { count: logs })
            : t('logsAreNotProven', { count: broken.length, all: logs })
        }
        role={isWhole ? 'status' : 'alert'}
        data-proof={isWhole ? 'proven' : 'wrong'}
      >
        <Text size="sm">
          {isWhole
            ? t('nothingMissingUpTo', { block: words.number(block.number) })
            : t('whatIsWrongStandsBelow')}{' '}
          {hasPeriod && t('entriesInThePeriod', { count: inPeriod })}
        </Text>
        <TechnicalDetails
          details={[
            { name: t('entries'), value: words.number(entries) },
            { name: t('provenInBlock'), value: `${block.number}, ${block.hash}` },
            { name: t('readFrom'), value: t(source === 'index' ? 'theIndex' : 'theChain') },
          ]}
        />
      </Alert>
      {broken.map((one) => (
        <Broken key={one.verdict.patient} broken={one} />
      ))}
    </>
  );
}

function Broken({ broken: { verdict, status, findings } }: { readonly broken: BrokenLog }) {
  const t = useTranslations('auditor');
  const proof = useTranslations('auditProof');
  const patient = getAddress(verdict.patient);
  return (
    <Card component="section" aria-label={t('logOf', { patient })}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
        <Title order={2} size="h5" style={{ overflowWrap: 'anywhere' }}>
          {t('logOf', { patient })}
        </Title>
        <ProofMark status={status} about={t('logOf', { patient })} />
      </Group>
      {!verdict.ok && (
        <Text size="sm" mt="xs">
          {faultInWords(proof, verdict)}
        </Text>
      )}
      {findings.length > 0 && (
        <>
          <Text size="sm" mt="xs">
            {t('theIndex')}:
          </Text>
          <List size="sm">
            {findings.map((finding) => (
              <List.Item key={`${finding.kind} ${finding.sequence}`} style={{ overflowWrap: 'anywhere' }}>
                {findingInWords(proof, finding)} · {t('inTransaction', { hash: finding.transactionHash })}
              </List.Item>
            ))}
          </List>
        </>
      )}
      <TechnicalDetails
        details={[
          { name: t('entries'), value: `${verdict.entries} / ${verdict.proven.count}` },
          { name: t('head'), value: verdict.proven.head },
          { name: t('addedUp'), value: verdict.recomputed },
        ]}
      />
    </Card>
  );
}
