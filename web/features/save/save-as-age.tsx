'use client';

import { exportAgeName } from '@chartkey/sdk';
import { Button, Card, Collapse, Group, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconShieldLock } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { ErrorNotice } from '../../ui/index.ts';
import { useVault } from '../vault/index.ts';
import { AgeFields, ageProblem, emptyAge, sealTo } from './age-fields.tsx';
import { chooseTarget, saveBlob } from './target.ts';

type SaveAsAgeProps = { readonly title: string; readonly content: Blob };

/** One record as an encrypted file that opens without us. */
export function SaveAsAge({ title, content }: SaveAsAgeProps) {
  const vault = useVault();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState(emptyAge);
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const [error, setError] = useState<unknown>();
  const abort = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const problem = ageProblem(draft);

  const save = async () => {
    const controller = new AbortController();
    abort.current = controller;
    setError(undefined);
    try {
      const name = exportAgeName(title);
      const target = await chooseTarget(name);
      setState('busy');
      const blob = await vault.encryptFile({ content, to: sealTo(draft), target }, controller.signal);
      if (blob) saveBlob(blob, name);
      setDraft(emptyAge);
      setState('done');
    } catch (caught) {
      setState('idle');
      setError(caught);
    }
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconShieldLock size={16} aria-hidden />}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen((was) => !was)}
      >
        Download as .age…
      </Button>
      <Collapse expanded={open} id={id} w="100%">
        {open && (
          <Card component="section" aria-label="Download as .age">
            <Stack gap="sm">
              <Title order={3} size="h5">
                Download encrypted, as .age
              </Title>
              <AgeFields draft={draft} onChange={setDraft} disabled={state === 'busy'} />
              <Group gap="xs">
                <Button
                  onClick={() => void save()}
                  loading={state === 'busy'}
                  disabled={problem !== undefined}
                >
                  Encrypt and download
                </Button>
                {state === 'busy' && (
                  <Button variant="default" onClick={() => abort.current?.abort()}>
                    Cancel
                  </Button>
                )}
              </Group>
              {problem !== undefined && draft !== emptyAge && (
                <Text size="sm" c="dimmed">
                  {problem}
                </Text>
              )}
              {state === 'done' && (
                <Group gap="xs" role="status">
                  <IconCircleCheck size={18} color="var(--mantine-color-teal-light-color)" aria-hidden />
                  <Text size="sm">Downloaded, encrypted.</Text>
                </Group>
              )}
              {error !== undefined && <ErrorNotice error={error} />}
            </Stack>
          </Card>
        )}
      </Collapse>
    </>
  );
}
