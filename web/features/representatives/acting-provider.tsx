'use client';

import type { Representation } from '@chartkey/sdk';
import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import { type Address, isAddress, isAddressEqual } from 'viem';
import { ActingContext, useSession } from '../session/index.ts';
import { useVault } from '../vault/index.ts';
import { useRepresentations } from './use-representations.ts';

export type Acting = {
  /** In whose name this page acts; undefined: in one's own. */
  readonly patient: Address | undefined;
  /** Whether the chain still says so; undefined while that is looked up. */
  readonly stands: boolean | undefined;
  /** Whom one could act for now. */
  readonly standing: readonly Representation[];
  readonly actFor: (patient: Address | undefined) => void;
};

const ChoiceContext = createContext<Acting | undefined>(undefined);

/** Of this tab alone, so that two tabs can act for two people; says nothing but who acts for whom. */
const SETTING = 'chartkey.acting';

/** Lets every page below act in somebody else's name, after its person chose that. */
export function ActingProvider({ children }: { readonly children: ReactNode }) {
  const { address } = useSession();
  const vault = useVault();
  const router = useRouter();
  const [chosen, setChosen] = useState<{ readonly wallet: Address; readonly patient: Address }>();
  const { list, isPending } = useRepresentations(address && { representative: address });
  useEffect(() => setChosen(readChoice()), []);
  const patient = chosen && address && isAddressEqual(chosen.wallet, address) ? chosen.patient : undefined;
  const standing = useMemo(() => list.filter(({ state }) => state === 'standing'), [list]);
  const found = standing.some((one) => patient !== undefined && isAddressEqual(one.patient, patient));
  const actFor = useCallback(
    (next: Address | undefined) => {
      const choice = next && address ? { wallet: address, patient: next } : undefined;
      keepChoice(choice);
      // Nothing that was opened for one person stays on screen for another.
      vault.lock();
      setChosen(choice);
      router.push('/patient');
    },
    [address, vault, router],
  );
  const acting = useMemo(
    () => ({ patient, stands: isPending ? undefined : found, standing, actFor }),
    [patient, isPending, found, standing, actFor],
  );
  return (
    <ChoiceContext value={acting}>
      <ActingContext value={patient}>{children}</ActingContext>
    </ChoiceContext>
  );
}

/** In whose name this page acts, and how to change it. */
export function useActing(): Acting {
  const acting = use(ChoiceContext);
  if (!acting) throw new Error('useActing needs ActingProvider above it.');
  return acting;
}

function readChoice() {
  const [wallet = '', patient = ''] = (window.sessionStorage.getItem(SETTING) ?? '').split(' ');
  const known = isAddress(wallet, { strict: false }) && isAddress(patient, { strict: false });
  return known ? { wallet, patient } : undefined;
}

function keepChoice(choice: { readonly wallet: Address; readonly patient: Address } | undefined): void {
  if (choice) window.sessionStorage.setItem(SETTING, `${choice.wallet} ${choice.patient}`);
  else window.sessionStorage.removeItem(SETTING);
}
