'use client';

import { useTranslations } from 'next-intl';
import { shortAddress, useWords } from '../../ui/index.ts';
import { useConfirmations } from './use-emergencies.ts';

/** Who confirmed an emergency, in one line. */
export function ConfirmedBy({ emergencyId }: { readonly emergencyId: bigint }) {
  const t = useTranslations('emergency');
  const words = useWords();
  const confirmations = useConfirmations(emergencyId);
  if (confirmations.length === 0) return t('nobodyYet');
  return words.list(
    confirmations.map(({ confirmer, asGuardian }) =>
      t(asGuardian ? 'guardianWho' : 'clinicianWho', { account: shortAddress(confirmer) }),
    ),
  );
}
