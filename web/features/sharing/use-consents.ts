'use client';

import type { ConsentGiven } from '@chartkey/sdk';
import type { Address } from 'viem';
import { isStanding } from '../consent/index.ts';
import { useSharing } from './use-sharing.ts';

export type Consents = {
  readonly list: readonly ConsentGiven[];
  readonly standing: readonly ConsentGiven[];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
};

export function useConsents(patient: Address): Consents {
  const { consents, isPending, error, retry } = useSharing({ patient });
  const standing = consents.filter(({ consent }) => isStanding(consent));
  return { list: consents, standing, isPending, error, retry };
}
