'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { typeName } from './kinds.ts';

/** What people call a record's type, in the reader's language. */
export function useTypeName(): (typed: Parameters<typeof typeName>[1]) => string {
  const t = useTranslations('content');
  return useCallback((typed) => typeName(t, typed), [t]);
}
