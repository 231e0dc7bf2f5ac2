'use client';

import { Alert, Button, Card, Code, Group, Image, Text } from '@mantine/core';
import { IconDownload, IconFileUnknown, IconPhotoOff } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { EmptyState, Loading, useWords } from '../../ui/index.ts';
import { SaveAsAge } from '../save/index.ts';
import type { OpenedRecord } from '../vault/index.ts';
import { kindOf } from './kinds.ts';

type ComingProps = { readonly what: 'layingOutTheRecord' | 'layingOutThePages' | 'drawingTheScan' };

function Coming({ what }: ComingProps) {
  const t = useTranslations('content');
  return <Loading what={t(what)} />;
}

/** The FHIR views come when the first FHIR record is opened. */
const FhirText = dynamic(() => import('./fhir-text.tsx').then((m) => m.FhirText), {
  ssr: false,
  loading: () => <Coming what="layingOutTheRecord" />,
});

/** pdf.js and its worker come with the first PDF, cornerstone and its codecs with the first scan. */
const PdfView = dynamic(() => import('./pdf/pdf-view.tsx').then((m) => m.PdfView), {
  ssr: false,
  loading: () => <Coming what="layingOutThePages" />,
});
const ScanView = dynamic(() => import('./scan/scan-view.tsx').then((m) => m.ScanView), {
  ssr: false,
  loading: () => <Coming what="drawingTheScan" />,
});

const MAX_TEXT_BYTES = 2_000_000;

/** A record as something a person reads, and always the original to keep. */
export function RecordView({ record }: { readonly record: OpenedRecord }) {
  const t = useTranslations('content');
  const words = useWords();
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
          {t('saveTheOriginal', { bytes: words.bytes(record.length) })}
        </Button>
        <SaveAsAge title={record.title} content={record.content} />
      </Group>
    </>
  );
}

function Body({ record, url }: { readonly record: OpenedRecord; readonly url: string | undefined }) {
  const t = useTranslations('content');
  if (record.length === 0) {
    return <EmptyState icon={<IconFileUnknown />} title={t('thisFileIsEmpty')} text={t('itHolds0BytesAs')} />;
  }
  switch (kindOf(record)) {
    case 'fhir':
      return <FhirText content={record.content} />;
    case 'text':
      return <PlainText content={record.content} />;
    case 'image':
      return url ? <Picture url={url} title={record.title} /> : null;
    case 'pdf':
      return <PdfView content={record.content} title={record.title} />;
    case 'dicom':
      return <ScanView content={record.content} title={record.title} />;
    default:
      return (
        <EmptyState
          icon={<IconFileUnknown />}
          title={t('noPreviewForThisKind')}
          text={t('itWasOpenedAndIs')}
        />
      );
  }
}

/** The browser's own decoder draws it, as a picture and nothing else, whatever its bytes are. */
function Picture({ url, title }: { readonly url: string; readonly title: string }) {
  const t = useTranslations('content');
  const [broken, setBroken] = useState(false);
  if (broken) {
    return (
      <EmptyState icon={<IconPhotoOff />} title={t('thisImageCantBeDrawn')} text={t('openedButNoImage')} />
    );
  }
  return (
    <Card padding={0} style={{ overflow: 'hidden' }}>
      <Image src={url} alt={title} onError={() => setBroken(true)} />
    </Card>
  );
}

function PlainText({ content }: { readonly content: Blob }) {
  const t = useTranslations('content');
  const words = useWords();
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
  if (text === undefined) return <Loading what={t('reading')} />;
  return (
    <>
      {content.size > MAX_TEXT_BYTES && (
        <Alert variant="light" mb="sm">
          <Text size="sm">{t('theFirstAreShownSave', { bytes: words.bytes(MAX_TEXT_BYTES) })}</Text>
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
    // What was sealed as HTML, SVG or PDF must never be opened as a page of this origin.
    const safe = /^image\/(png|jpeg|gif|webp)$/.test(mediaType) ? mediaType : 'application/octet-stream';
    const made = URL.createObjectURL(new Blob([content], { type: safe }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [content, mediaType]);
  return url;
}
