'use client';

import { NativeSelect } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useNetwork } from '../session/index.ts';
import { idleLockChoices, idleLockOf, useVault } from '../vault/index.ts';

/** After how long without anybody an unlocked chart locks; never longer than the site allows. */
export function IdleLock() {
  const t = useTranslations('settings');
  const config = useNetwork();
  const { lockAfter } = useVault();
  const [seconds, setSeconds] = useState(() => idleLockOf(config));
  const choose = (next: number) => {
    lockAfter(next);
    setSeconds(next);
  };
  return (
    <NativeSelect
      label={t('withoutAClickOrAKey')}
      description={t('whatIsOpenGoes')}
      value={String(seconds)}
      onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
      data={idleLockChoices(config).map((each) => ({ value: String(each), label: inWords(each) }))}
      maw={320}
    />
  );

  function inWords(each: number): string {
    return each < 60 ? t('seconds', { seconds: each }) : t('minutes', { minutes: Math.round(each / 60) });
  }
}
