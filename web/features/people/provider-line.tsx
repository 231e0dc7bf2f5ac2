'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Address } from 'viem';
import { Person } from '../../ui/index.ts';
import { useConsentWords } from '../consent/index.ts';
import { useProviders } from './use-providers.ts';

type ProviderLineProps = {
  readonly address: Address;
  /** Whose page it is: their own looks say "You". */
  readonly self?: Address | undefined;
  readonly detail?: ReactNode;
};

/** Somebody on the chain, with what the chain knows of them. */
export function ProviderLine({ address, self, detail }: ProviderLineProps) {
  const t = useTranslations('people');
  const { roleName } = useConsentWords();
  const { list, isPending } = useProviders();
  const found = list.find(({ provider }) => provider.toLowerCase() === address.toLowerCase());
  const isSelf = self?.toLowerCase() === address.toLowerCase();
  const kind = isSelf
    ? t('you')
    : found
      ? roleName(found.application.role)
      : isPending
        ? t('provider')
        : t('account');
  const where = found && !isSelf ? t('area', { area: found.application.area }) : undefined;
  return (
    <Person
      address={address}
      kind={kind}
      detail={
        <>
          {where}
          {where && detail ? ' · ' : ''}
          {detail}
        </>
      }
    />
  );
}
