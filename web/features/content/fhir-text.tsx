'use client';

import { Alert, Text } from '@mantine/core';
import type { Resource } from '@medplum/fhirtypes';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Loading } from '../../ui/index.ts';
import { ChartView, parseFhir } from '../fhir/index.ts';

/** Reads a blob as FHIR JSON and shows it as a page. */
export function FhirText({ content }: { readonly content: Blob }) {
  const t = useTranslations('content');
  const [resource, setResource] = useState<Resource | null>();
  useEffect(() => {
    let current = true;
    void content.text().then((text) => current && setResource(parseFhir(text) ?? null));
    return () => {
      current = false;
    };
  }, [content]);
  if (resource === undefined) return <Loading what={t('layingOutTheRecord')} />;
  if (resource === null) {
    return (
      <Alert variant="light" color="orange" title={t('thisIsNotReadableFhir')}>
        <Text size="sm">{t('theFileIsIntactBut')}</Text>
      </Alert>
    );
  }
  return <ChartView resource={resource} />;
}
