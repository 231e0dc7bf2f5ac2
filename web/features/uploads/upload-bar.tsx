import { Progress } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { Item } from './item.ts';
import { percentOf } from './words.ts';

/** How far a file is, while it is encrypted and stored. */
export function UploadBar({ item: { file, state, split } }: { readonly item: Item }) {
  const t = useTranslations('addRecords');
  if (state.step !== 'sealing') return null;
  return (
    <Progress
      value={state.stage === 'confirming' && !split ? 100 : percentOf(state)}
      animated={state.stage !== 'encrypting'}
      color={state.stage === 'waiting' ? 'yellow' : 'teal'}
      aria-label={t('progressOf', { name: file.name })}
    />
  );
}
