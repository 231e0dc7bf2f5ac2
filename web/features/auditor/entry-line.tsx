'use client';

import { describeDecision, type ExportedEntry } from '@chartkey/sdk';
import { Badge, Box, Button, Group, Stack, Text } from '@mantine/core';
import { IconChevronDown, IconUrgent } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { shortAddress, useSaid, useWords } from '../../ui/index.ts';
import { useConsentWords } from '../consent/index.ts';
import { ProviderLine } from '../people/index.ts';
import { EntryProof } from './entry-proof.tsx';

type EntryLineProps = {
  readonly entry: ExportedEntry;
  readonly open: boolean;
  readonly onToggle: () => void;
};

/** One entry: who, whose, why, when; below it, once it is opened, what the chain says of it. */
export function EntryLine({ entry, open, onToggle }: EntryLineProps) {
  const t = useTranslations('auditor');
  const id = useId();
  return (
    <Box className="ck-row" px="lg" py="sm">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} style={{ flex: '1 1 260px', minWidth: 0 }}>
          <ProviderLine address={entry.accessor} detail={<What entry={entry} />} />
          <Button
            variant="subtle"
            color="gray"
            c="dimmed"
            size="compact-sm"
            ml={46}
            style={{ alignSelf: 'flex-start' }}
            onClick={onToggle}
            aria-expanded={open}
            aria-controls={id}
            aria-label={t('checkEntryOf', {
              number: entry.sequence,
              patient: shortAddress(entry.patient),
            })}
            rightSection={
              <IconChevronDown
                size={14}
                aria-hidden
                style={{ transform: open ? 'rotate(180deg)' : 'none' }}
              />
            }
          >
            {t('checkThisEntry')}
          </Button>
        </Stack>
        <Outcome entry={entry} />
      </Group>
      <Box id={id} ml={{ base: 0, sm: 46 }}>
        {open && <EntryProof entry={entry} />}
      </Box>
    </Box>
  );
}

function What({ entry }: { readonly entry: ExportedEntry }) {
  const t = useTranslations('auditor');
  const { purposeName } = useConsentWords();
  const words = useWords();
  const said = useSaid();
  const { decision, openedAt, patient, purpose, sequence } = entry;
  return (
    <>
      {t(decision === 'Permit' ? 'openedARecordOf' : 'triedToOpenARecordOf', {
        patient: shortAddress(patient),
        number: sequence,
      })}
      {' · '}
      {purposeName(purpose)}
      {' · '}
      <time dateTime={new Date(openedAt * 1_000).toISOString()} title={words.dateTime(openedAt)}>
        {words.dateTime(openedAt)}
      </time>
      {decision !== 'Permit' && <Text size="sm">{said(describeDecision(decision))}</Text>}
    </>
  );
}

function Outcome({ entry: { decision, purpose } }: { readonly entry: ExportedEntry }) {
  const t = useTranslations('auditor');
  const isPermitted = decision === 'Permit';
  return (
    <Group gap="xs" style={{ flexShrink: 0 }}>
      {(purpose === 'ETREAT' || purpose === 'BTG') && (
        <Badge color="red" variant="light" tt="none" leftSection={<IconUrgent size={12} aria-hidden />}>
          {t('emergency')}
        </Badge>
      )}
      <Badge variant="light" tt="none" color={isPermitted ? 'teal' : 'orange'}>
        {t(isPermitted ? 'permitted' : 'refused')}
      </Badge>
    </Group>
  );
}
