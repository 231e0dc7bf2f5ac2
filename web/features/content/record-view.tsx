'use client';

import { Alert, Box, Button, Card, Code, Group, Image, Text } from '@mantine/core';
import { IconDownload, IconFileUnknown } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { bytesInWords, EmptyState, Loading } from '../../ui/index.ts';
import { SaveAsAge } from '../save/index.ts';
import type { OpenedRecord } from '../vault/index.ts';
import { kindOf } from './kinds.ts';

/** The FHIR views come when the first FHIR record is opened. */
const FhirText = dynamic(() => import('./fhir-text.tsx').then((m) => m.FhirText), {
  ssr: false,
  loading: () => <Loading what="Laying out the record…" />,
});

const MAX_TEXT_BYTES = 2_000_000;

/** A record as something a person reads, and always the original to keep. */
export function RecordView({ record }: { readonly record: OpenedRecord }) {
  const url = useObjectUrl(record);
  return (
    <>
      <Body record={record} url={url} />
      <Group mt="md" className="ck-no-print">
        <Button
          component="a"
          href={url}
          download={record.title || 'record'}
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          Save the original ({bytesInWords(record.length)})
        </Button>
        <SaveAsAge title={record.title} content={record.content} />
      </Group>
    </>
  );
}

function Body({ record, url }: { readonly record: OpenedRecord; readonly url: string | undefined }) {
  if (record.length === 0) {
    return (
      <EmptyState
        icon={<IconFileUnknown />}
        title="This file is empty"
        text="It holds 0 bytes, as it was added."
      />
    );
  }
  switch (kindOf(record)) {
    case 'fhir':
      return <FhirText content={record.content} />;
    case 'text':
      return <PlainText content={record.content} />;
    case 'image':
      return (
        <Card padding={0} style={{ overflow: 'hidden' }}>
          {url && <Image src={url} alt={record.title} />}
        </Card>
      );
    case 'pdf':
      return url ? (
        <Box
          component="iframe"
          src={url}
          title={record.title}
          w="100%"
          h="75vh"
          bd="1px solid var(--mantine-color-default-border)"
        />
      ) : null;
    case 'dicom':
      return (
        <EmptyState
          icon={<IconFileUnknown />}
          title="A medical scan"
          text="This version does not draw DICOM scans. Save the original and open it in a DICOM viewer."
        />
      );
    default:
      return (
        <EmptyState
          icon={<IconFileUnknown />}
          title="No preview for this kind of file"
          text="It was opened and is intact. Save the original to look at it."
        />
      );
  }
}

function PlainText({ content }: { readonly content: Blob }) {
  const [text, setText] = useState<string>();
  useEffect(() => {
    let current = true;
    void content
      .slice(0, MAX_TEXT_BYTES)
      .text()
      .then((read) => current && setText(read));
    return () => {
      current = false;
    };
  }, [content]);
  if (text === undefined) return <Loading what="Reading…" />;
  return (
    <>
      {content.size > MAX_TEXT_BYTES && (
        <Alert variant="light" mb="sm">
          <Text size="sm">
            The first {bytesInWords(MAX_TEXT_BYTES)} are shown. Save the original for all of it.
          </Text>
        </Alert>
      )}
      <Code block tabIndex={0} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} fz="sm">
        {text}
      </Code>
    </>
  );
}

/** A URL for the decrypted bytes that ends with the view. */
function useObjectUrl({ content, mediaType }: OpenedRecord): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    // What was sealed as HTML or SVG must never be opened as a page of this origin.
    const safe = /^(application\/pdf|image\/(png|jpeg|gif|webp))$/.test(mediaType)
      ? mediaType
      : 'application/octet-stream';
    const made = URL.createObjectURL(new Blob([content], { type: safe }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [content, mediaType]);
  return url;
}
