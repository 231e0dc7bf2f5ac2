'use client';

import { type ExportProgress, exportChartName, type IndexedRecord } from '@chartkey/sdk';
import { Alert, Button, Card, Group, Progress, Radio, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconPackageExport } from '@tabler/icons-react';
import { useState } from 'react';
import type { Address } from 'viem';
import { bytesInWords, ErrorNotice } from '../../ui/index.ts';
import { useFolders } from '../folders/index.ts';
import {
  AgeFields,
  ageProblem,
  chooseTarget,
  emptyAge,
  saveBlob,
  sealTo,
  writesToDisk,
} from '../save/index.ts';
import { useVault } from '../vault/index.ts';
import { useJob } from './use-job.ts';

type ExportCardProps = { readonly patient: Address; readonly records: readonly IndexedRecord[] };

/** The whole chart as one file. */
export function ExportCard({ patient, records }: ExportCardProps) {
  const vault = useVault();
  const folders = useFolders(patient);
  const job = useJob<ExportProgress>();
  const [encrypted, setEncrypted] = useState(true);
  const [draft, setDraft] = useState(emptyAge);
  const [finished, setFinished] = useState<{ readonly missing: number; readonly encrypted: boolean }>();
  const locked = vault.unlocked === undefined;
  const problem = encrypted ? ageProblem(draft) : undefined;

  const start = () =>
    job.run(async (signal, onProgress) => {
      setFinished(undefined);
      const name = exportChartName(new Date(), encrypted);
      const target = await chooseTarget(name);
      const request = {
        ...{
          patient,
          records,
          target,
          folderNames: Array.from({ length: 64 }, (_, number) => folders.nameOf(number)),
        },
        to: encrypted ? sealTo(draft) : undefined,
      };
      const { missing, blob } = await vault.exportChart(request, onProgress, signal);
      if (blob) saveBlob(blob, name);
      setDraft(emptyAge);
      setFinished({ missing, encrypted });
    });

  return (
    <Card component="section" aria-label="Export everything">
      <Stack gap="md">
        <Title order={2} size="h4">
          Export everything
        </Title>
        {records.length === 0 ? (
          <Text c="dimmed">Your chart holds no record yet, so there is nothing to export.</Text>
        ) : (
          <>
            <Text>
              One file (.tar) with {records.length === 1 ? 'your record' : `all ${records.length} records`} as
              they were added, a start page to read them without Chartkey, a list for other health systems
              (FHIR), and checksums.
            </Text>
            <Radio.Group
              label="How"
              value={encrypted ? 'encrypted' : 'plain'}
              onChange={(value) => setEncrypted(value === 'encrypted')}
            >
              <Stack gap="xs" mt="xs">
                <Radio
                  value="encrypted"
                  label="Encrypted (.tar.age): for a USB stick, a cloud drive, an e-mail"
                  disabled={job.busy}
                />
                <Radio
                  value="plain"
                  label="Not encrypted (.tar): whoever has the file can read all of it"
                  disabled={job.busy}
                />
              </Stack>
            </Radio.Group>
            {encrypted && <AgeFields draft={draft} onChange={setDraft} disabled={job.busy} />}
            {!writesToDisk() && (
              <Text size="sm" c="dimmed">
                This browser can’t write a download piece by piece: it holds all of it until it is finished.
                For a chart of more than 1 GB take Chrome or Edge on a computer.
              </Text>
            )}
            {!job.busy && (
              <Stack gap={6}>
                <Group>
                  <Button
                    leftSection={<IconPackageExport size={18} aria-hidden />}
                    onClick={() => void start()}
                    disabled={locked || problem !== undefined}
                  >
                    Export everything
                  </Button>
                </Group>
                {(locked || problem !== undefined) && (
                  <Text size="sm" c="dimmed">
                    {locked ? 'Unlock your chart first.' : problem}
                  </Text>
                )}
              </Stack>
            )}
            {job.busy && <Running progress={job.progress} onCancel={job.cancel} />}
            {finished && !job.busy && <Finished {...finished} />}
          </>
        )}
        {job.error !== undefined && <ErrorNotice error={job.error} />}
      </Stack>
    </Card>
  );
}

type RunningProps = { readonly progress: ExportProgress | undefined; readonly onCancel: () => void };

function Running({ progress, onCancel }: RunningProps) {
  const { records = 0, totalRecords = 1, bytes = 0 } = progress ?? {};
  return (
    <Stack gap="xs">
      <Text role="status">
        {records} of {totalRecords} records, {bytesInWords(bytes)}
      </Text>
      <Progress value={(100 * records) / totalRecords} animated aria-label="Records exported" />
      <Group>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}

function Finished({ missing, encrypted }: { readonly missing: number; readonly encrypted: boolean }) {
  return (
    <Alert
      variant="light"
      color={missing > 0 ? 'orange' : 'teal'}
      icon={<IconCircleCheck aria-hidden />}
      role="status"
      title={missing > 0 ? 'Exported, but not all of it' : 'Your chart is exported'}
    >
      <Text size="sm">
        {missing > 0 &&
          `${missing === 1 ? '1 record' : `${missing} records`} could not be opened. The start page in the file says why; nothing else is missing. `}
        {encrypted
          ? 'Keep the passphrase, or the key, apart from the file. Open the start page after decrypting: index.html.'
          : 'Keep it as you would keep it on paper. Unpack it and open the start page: index.html.'}
      </Text>
    </Alert>
  );
}
