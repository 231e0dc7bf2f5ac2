'use client';

import { isPatient, patientAt } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import type { Address } from 'viem';
import { useReader } from '../session/index.ts';
import type { NamedPatient } from './parse.ts';

/** Who that is on this network; null for nobody, undefined while it is looked up. */
export function usePatient(named: NamedPatient | undefined): {
  readonly patient: Address | null | undefined;
  readonly error: unknown;
} {
  const reader = useReader();
  const query = useQuery({
    queryKey: ['patient', named],
    enabled: named !== undefined,
    queryFn: async () => {
      if (named === undefined) return null;
      if ('pid' in named) return (await patientAt(reader, named)) ?? null;
      return (await isPatient(reader, named)) ? named.patient : null;
    },
  });
  return { patient: query.data, error: query.data === undefined ? query.error : undefined };
}
