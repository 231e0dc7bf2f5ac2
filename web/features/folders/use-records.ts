'use client';

import {
  type Index,
  type IndexedRecord,
  indexedRecordList,
  type RecordList,
  recordListOf,
} from '@chartkey/sdk';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Address } from 'viem';
import { useIndex } from '../lists/index.ts';
import { useReader } from '../session/index.ts';
import { NAMES_COMPARTMENT } from './names.ts';

export type Records = {
  /** Newest first, and without the list of folder names. */
  readonly active: readonly IndexedRecord[];
  readonly pending: readonly IndexedRecord[];
  /** With the names of folders, and what was ended. Newest first. */
  readonly all: readonly IndexedRecord[];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
};

const NONE: readonly IndexedRecord[] = [];

/**
 * A patient's records: at first from the index, where there is one, and then what is new from the chain.
 *
 * @param whole what leaves out none, as an export does: all of it from the chain
 */
export function useRecords(patient: Address, { whole = false } = {}): Records {
  const reader = useReader();
  const queries = useQueryClient();
  const { first } = useIndex();
  const queryKey = ['records', patient, whole];
  const query = useQuery({
    queryKey,
    queryFn: async () => {
      const before = queries.getQueryData<RecordList>(queryKey);
      const ask = (index: Index) => indexedRecordList(reader, { index, patient });
      return recordListOf(reader, { patient, since: before ?? (whole ? undefined : await first(ask)) });
    },
    refetchInterval: 5_000,
    structuralSharing: (before, after) => same(before as RecordList | undefined, after as RecordList),
  });
  const records = query.data?.records ?? NONE;
  const lists = useMemo(() => {
    const all = [...records].reverse();
    return {
      all,
      active: all.filter(
        ({ status, compartment }) => status === 'Active' && compartment !== NAMES_COMPARTMENT,
      ),
      pending: all.filter(({ status }) => status === 'Pending'),
    };
  }, [records]);
  return {
    ...lists,
    isPending: query.isPending,
    error: query.data ? undefined : query.error,
    retry: () => void query.refetch(),
  };
}

/** Nothing new keeps the same array, so that nothing is sorted again. */
function same(before: RecordList | undefined, after: RecordList): RecordList {
  const unchanged =
    before?.records.length === after.records.length &&
    after.records.every((record, at) => {
      const was = before.records[at];
      return record === was || JSON.stringify(record) === JSON.stringify(was);
    });
  return unchanged && before ? { ...after, records: before.records } : after;
}
