'use client';

import { exportAgeName } from '@chartkey/sdk';
import { Button, Card, Collapse, Group, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconShieldLock } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useEffect, useId, useRef, useState } from 'react';
import { ErrorNotice } from '../../ui/index.ts';
import { useVault } from '../vault/index.ts';
import { AgeFields, emptyAge, sealTo, useAgeProblem } from './age-fields.tsx';
import { chooseTarget, saveBlob } from './target.ts';

type SaveAsAgeProps = { readonly title: string; readonly content: Blob };

/** One record as an encrypted file that opens without us. */
export function SaveAsAge({ title, content }: SaveAsAgeProps) {
  const t = useTranslations('save');
  const vault = useVault();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState(emptyAge);
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const [error, setError] = useState<unknown>();
  const abort = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const problem = useAgeProblem(draft);

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
        {t('downloadAsAge')}
      </Button>
      <Collapse expanded={open} id={id} w="100%">
        {open && (
          <Card component="section" aria-label={t('downloadAsAgeTitle')}>
            <Stack gap="sm">
              <Title order={3} size="h5">
                {t('downloadEncryptedAsAge')}
              </Title>
              <AgeFields draft={draft} onChange={setDraft} disabled={state === 'busy'} />
              <Group gap="xs">
                <Button
                  onClick={() => void save()}
                  loading={state === 'busy'}
                  disabled={problem !== undefined}
                >
                  {t('encryptAndDownload')}
                </Button>
                {state === 'busy' && (
                  <Button variant="default" onClick={() => abort.current?.abort()}>
                    {t('cancel')}
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
                  <Text size="sm">{t('downloadedEncrypted')}</Text>
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
