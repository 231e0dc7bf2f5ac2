'use client';

import { useLocalStorage } from '@mantine/hooks';
import type { Address } from 'viem';

/**
 * Entries that a patient marked, by their numbers in the log, kept in this browser alone: a number
 * says nothing about a record.
 */
export function useMarks(patient: Address): {
  readonly has: (sequence: number) => boolean;
  readonly toggle: (sequence: number) => void;
} {
  const [marked, setMarked] = useLocalStorage<readonly number[]>({
    key: `chartkey.marked.${patient.toLowerCase()}`,
    defaultValue: [],
  });
  const list = Array.isArray(marked) ? marked : [];
  return {
    has: (sequence) => list.includes(sequence),
    toggle: (sequence) =>
      setMarked(list.includes(sequence) ? list.filter((at) => at !== sequence) : [...list, sequence]),
  };
}
