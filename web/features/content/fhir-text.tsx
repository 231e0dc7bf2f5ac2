'use client';

import { Alert, Text } from '@mantine/core';
import type { Resource } from '@medplum/fhirtypes';
import { useEffect, useState } from 'react';
import { Loading } from '../../ui/index.ts';
import { ChartView, parseFhir } from '../fhir/index.ts';

/** Reads a blob as FHIR JSON and shows it as a page. */
export function FhirText({ content }: { readonly content: Blob }) {
  const [resource, setResource] = useState<Resource | null>();
  useEffect(() => {
    let current = true;
    void content.text().then((text) => current && setResource(parseFhir(text) ?? null));
    return () => {
      current = false;
    };
  }, [content]);
  if (resource === undefined) return <Loading what="Laying out the record…" />;
  if (resource === null) {
    return (
      <Alert variant="light" color="orange" title="This is not readable FHIR">
        <Text size="sm">The file is intact but is not FHIR JSON. Save the original to look at it.</Text>
      </Alert>
    );
  }
  return <ChartView resource={resource} />;
}
