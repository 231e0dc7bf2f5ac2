'use client';

import { type ReactNode, useEffect, useMemo } from 'react';
import { ShiftContext, useNetwork, useSender, useSession } from '../session/index.ts';
import { shiftKeyOf, useVault } from '../vault/index.ts';
import { ShiftBar } from './shift-bar.tsx';
import { useShift } from './use-shift.ts';

/** Lets openings below be signed by the shift's key, and keeps in sight that there is one. */
export function ShiftProvider({ children }: { readonly children: ReactNode }) {
  const config = useNetwork();
  const vault = useVault();
  const { sender } = useSender();
  const { address, provider } = useSession();
  const shift = useShift(provider ? address : undefined);
  const { here } = shift;
  const suspended = provider?.status === 'Suspended';
  useEffect(() => {
    if (suspended && vault.shift) void vault.endShift('suspended');
  }, [suspended, vault]);
  const session = useMemo(
    () =>
      here && sender === 'relay'
        ? { person: here.person, expiresAt: here.expiresAt, key: shiftKeyOf(config, here.key) }
        : undefined,
    [here, sender, config],
  );
  return (
    <ShiftContext value={session}>
      {provider && <ShiftBar shift={shift} />}
      {children}
    </ShiftContext>
  );
}
