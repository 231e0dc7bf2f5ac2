'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Loading } from '../../ui/index.ts';
import { ChartView, mergeRecords, parseFhir } from '../fhir/index.ts';

/** Several FHIR records on one page: problems, medications, results with their trends. */
export function MergedRecords({ contents }: { readonly contents: readonly Blob[] }) {
  const t = useTranslations('records');
  const [chart, setChart] = useState<ReturnType<typeof mergeRecords>>();
  useEffect(() => {
    let current = true;
    void Promise.all(contents.map((content) => content.text())).then((texts) => {
      if (current) setChart(mergeRecords(texts.flatMap((text) => parseFhir(text) ?? [])));
    });
    return () => {
      current = false;
    };
  }, [contents]);
  return chart ? <ChartView resource={chart} /> : <Loading what={t('layingOutTheChart')} />;
}
