'use client';

import {
  confirmationsOf,
  type Emergency,
  emergencies,
  type Guardians,
  guardiansOf,
  movesOf,
  patientWalletOf,
  type WalletMove,
  wardsOf,
} from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import { type Address, isAddressEqual } from 'viem';
import { useReader } from '../session/index.ts';

const FOLLOW_MS = 5_000;

type Answered<T> = {
  readonly data: T | undefined;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
};

/** Who a patient's guardians are now. */
export function useGuardians(patient: Address | undefined): Answered<Guardians> {
  const reader = useReader();
  const query = useQuery({
    queryKey: ['guardians', patient],
    enabled: patient !== undefined,
    refetchInterval: FOLLOW_MS,
    queryFn: () => guardiansOf(reader, { patient: patient as Address }),
  });
  return answered(query);
}

/** The ways to another wallet that are under way for a patient; none while there is no patient. */
export function useMoves(patient: Address | undefined): Answered<readonly WalletMove[]> {
  const reader = useReader();
  const query = useQuery({
    queryKey: ['wallet-moves', patient],
    enabled: patient !== undefined,
    refetchInterval: FOLLOW_MS,
    queryFn: () => movesOf(reader, { patient: patient as Address }),
  });
  return answered(query);
}

/** An emergency that waits for guardians, and whether this one confirmed. */
export type PendingEmergency = { readonly emergency: Emergency; readonly confirmed: boolean };

/** A move that guardians began, and whether this one approved. */
export type PendingMove = { readonly move: WalletMove; readonly approved: boolean };

/** A patient whose guardian somebody is, with what waits. */
export type Ward = {
  readonly patient: Address;
  readonly wallet: Address | undefined;
  readonly guardians: readonly Address[];
  readonly threshold: number;
  readonly moves: readonly PendingMove[];
  readonly emergencies: readonly PendingEmergency[];
};

/** Whose guardian an account is, and what they ask of it. */
export function useWards(guardian: Address | undefined): Answered<readonly Ward[]> {
  const reader = useReader();
  const query = useQuery({
    queryKey: ['wards', guardian],
    enabled: guardian !== undefined,
    refetchInterval: FOLLOW_MS,
    queryFn: async () => {
      if (!guardian) return [];
      const patients = await wardsOf(reader, { guardian });
      return Promise.all(patients.map((patient) => wardOf(reader, patient, guardian)));
    },
  });
  return answered(query);
}

/** So many questions wait for this guardian. */
export function waitingOf(wards: readonly Ward[]): number {
  const waits = wards.flatMap(({ moves, emergencies: pending }) => [
    ...moves.filter(({ approved, move }) => !approved && move.readyAt === undefined),
    ...pending.filter(({ confirmed }) => !confirmed),
  ]);
  return waits.length;
}

async function wardOf(
  reader: ReturnType<typeof useReader>,
  patient: Address,
  guardian: Address,
): Promise<Ward> {
  const [{ guardians, threshold }, wallet, moves, asked] = await Promise.all([
    guardiansOf(reader, { patient }),
    patientWalletOf(reader, { patient }),
    movesOf(reader, { patient }),
    emergencies(reader, { patient }),
  ]);
  const place = guardians.findIndex((one) => isAddressEqual(one, guardian));
  const waiting = asked.filter(({ state }) => state === 'waiting');
  return {
    ...{ patient, wallet, guardians, threshold },
    moves: moves
      .filter(({ byPatient }) => !byPatient)
      .map((move) => ({ move, approved: move.approvedBy.includes(place) })),
    emergencies: await Promise.all(
      waiting.map(async (emergency) => {
        const said = await confirmationsOf(reader, emergency);
        return { emergency, confirmed: said.some(({ confirmer }) => isAddressEqual(confirmer, guardian)) };
      }),
    ),
  };
}

function answered<T>(query: {
  readonly data: T | undefined;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly refetch: () => unknown;
}): Answered<T> {
  const { data, isPending, error } = query;
  const unanswered = data === undefined && error !== null ? error : undefined;
  return { data, isPending, error: unanswered, retry: () => void query.refetch() };
}
