'use client';

import {
  confirmationsOf,
  type Emergency,
  type EmergencyList,
  emergencyListOf,
  emergencyOf,
  emergencySetOf,
  guardiansOf,
  logEntries,
  standingEmergencyOf,
} from '@chartkey/sdk';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Address } from 'viem';
import { useReader } from '../session/index.ts';

/** Whose emergencies: a patient's, a clinician's, or everybody's. */
export type EmergenciesOf = { readonly patient?: Address; readonly requester?: Address };

export type EmergenciesHandle = {
  /** The newest first. */
  readonly list: readonly Emergency[];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
};

/** Somebody waits for these. */
const SOON_MS = 3_000;
const LIST_MS = 5_000;
const NONE: readonly Emergency[] = [];

/** Emergencies as they stand, followed. Asks for nothing while `of` is undefined. */
export function useEmergencies(of: EmergenciesOf | undefined): EmergenciesHandle {
  const reader = useReader();
  const queries = useQueryClient();
  const queryKey = ['emergencies', of];
  const query = useQuery({
    queryKey,
    enabled: of !== undefined,
    queryFn: () => emergencyListOf(reader, { ...of, since: queries.getQueryData<EmergencyList>(queryKey) }),
    refetchInterval: LIST_MS,
    // Numbers on chain are bigints, which the comparison of the library can't read.
    structuralSharing: false,
    select: newestFirst,
  });
  return {
    list: query.data ?? NONE,
    isPending: query.isPending,
    error: query.data ? undefined : query.error,
    retry: () => void query.refetch(),
  };
}

function newestFirst({ emergencies }: EmergencyList): readonly Emergency[] {
  return emergencies.toReversed();
}

/** One emergency, followed closely; null for none of this number. */
export function useEmergency(emergencyId: bigint): {
  readonly emergency: Emergency | null | undefined;
  readonly error: unknown;
  readonly retry: () => void;
} {
  const reader = useReader();
  const { data, error, refetch } = useQuery({
    queryKey: ['emergency', String(emergencyId)],
    queryFn: async () => (await emergencyOf(reader, { emergencyId })) ?? null,
    refetchInterval: SOON_MS,
    structuralSharing: false,
  });
  return { emergency: data, error: data === undefined ? error : undefined, retry: () => void refetch() };
}

export type Confirmation = { readonly confirmer: Address; readonly asGuardian: boolean };

/** Who confirmed it until now, in order. */
export function useConfirmations(emergencyId: bigint): readonly Confirmation[] {
  const reader = useReader();
  const { data } = useQuery({
    queryKey: ['emergency-confirmations', String(emergencyId)],
    queryFn: () => confirmationsOf(reader, { emergencyId }),
    refetchInterval: SOON_MS,
  });
  return data ?? [];
}

/** How many guardians a patient has, and how many of them it takes; 0 of 0 for none. */
export function useGuardianCount(patient: Address): { readonly of: number; readonly threshold: number } {
  const reader = useReader();
  const { data } = useQuery({
    queryKey: ['guardian-count', patient],
    queryFn: () => guardiansOf(reader, { patient }),
    staleTime: 60_000,
  });
  return { of: data?.guardians.length ?? 0, threshold: data?.threshold ?? 0 };
}

/** The compartments that a patient marked; undefined while it is not known. */
export function useEmergencySet(patient: Address | undefined): {
  readonly marked: readonly number[] | undefined;
  readonly error: unknown;
  readonly retry: () => void;
} {
  const reader = useReader();
  const { data, error, refetch } = useQuery({
    queryKey: ['emergency-set', patient],
    enabled: patient !== undefined,
    queryFn: () => (patient ? emergencySetOf(reader, { patient }) : []),
    refetchInterval: LIST_MS,
  });
  return { marked: data, error: data === undefined ? error : undefined, retry: () => void refetch() };
}

/** What stands open for one clinician with one patient; null for nothing. */
export function useStanding(
  { patient, requester }: { readonly patient: Address; readonly requester: Address },
  enabled: boolean,
) {
  const reader = useReader();
  const { data } = useQuery({
    queryKey: ['emergency-standing', patient, requester],
    enabled,
    queryFn: async () => (await standingEmergencyOf(reader, { patient, requester })) ?? null,
    refetchInterval: SOON_MS,
  });
  return data;
}

/** How many records were opened in an emergency; undefined while it is not known. */
export function useOpenings(emergency: Emergency): number | undefined {
  const reader = useReader();
  const { patient, requester, openedAt, endsAt, state } = emergency;
  const { data } = useQuery({
    queryKey: ['emergency-openings', patient, requester, openedAt, state],
    enabled: openedAt !== undefined,
    refetchInterval: state === 'standing' && LIST_MS,
    queryFn: async () => {
      let count = 0;
      const query = { patient, accessor: requester, since: openedAt };
      for await (const entry of logEntries(reader, query)) {
        if (entry.ground === 'Emergency' && entry.openedAt <= (endsAt ?? 0)) count++;
      }
      return count;
    },
  });
  return openedAt === undefined ? 0 : data;
}
