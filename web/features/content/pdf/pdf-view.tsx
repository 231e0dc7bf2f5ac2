'use client';

import { Box, Button, Card, Collapse, Group, Stack, Text } from '@mantine/core';
import { IconFileOff } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useEffect, useId, useRef, useState } from 'react';
import { EmptyState, Loading, useSaid } from '../../../ui/index.ts';
import { openPdf, type Pdf, PdfRefused } from './pdf.ts';

type State =
  | { readonly stage: 'reading' }
  | { readonly stage: 'refused'; readonly why: string }
  | { readonly stage: 'open'; readonly pdf: Pdf };

/** A PDF page by page, drawn as a picture, with its words beside it for those who can't see one. */
export function PdfView({ content, title }: { readonly content: Blob; readonly title: string }) {
  const t = useTranslations('content');
  const said = useSaid();
  const [state, setState] = useState<State>({ stage: 'reading' });
  useEffect(() => {
    let current = true;
    let open: Pdf | undefined;
    openPdf(content).then(
      (pdf) => {
        if (!current) return pdf.close();
        open = pdf;
        setState({ stage: 'open', pdf });
      },
      (error: unknown) => {
        const why = error instanceof PdfRefused ? error.message : 'It is damaged.';
        if (current) setState({ stage: 'refused', why });
      },
    );
    return () => {
      current = false;
      open?.close();
    };
  }, [content]);
  if (state.stage === 'reading') return <Loading what={t('layingOutThePages')} />;
  if (state.stage === 'refused') {
    return (
      <EmptyState
        icon={<IconFileOff />}
        title={t('thisPdfIsNotShown')}
        text={t('pdfIsAsItWasAdded', { why: said(state.why) })}
      />
    );
  }
  return <Pages pdf={state.pdf} title={title} />;
}

function Pages({ pdf, title }: { readonly pdf: Pdf; readonly title: string }) {
  const t = useTranslations('content');
  const [page, setPage] = useState(1);
  const { canvas, words, failed } = usePage(pdf, page);
  return (
    <Card padding="sm">
      <Stack gap="sm">
        {pdf.pages > 1 && (
          <Group gap="sm" className="ck-no-print">
            <Button size="xs" variant="default" disabled={page === 1} onClick={() => setPage(page - 1)}>
              {t('pageBefore')}
            </Button>
            <Text size="sm" aria-live="polite">
              {t('pageOf', { page, pages: pdf.pages })}
            </Text>
            <Button
              size="xs"
              variant="default"
              disabled={page === pdf.pages}
              onClick={() => setPage(page + 1)}
            >
              {t('nextPage')}
            </Button>
          </Group>
        )}
        {failed && <Text role="alert">{t('thisPageCantBeDrawn')}</Text>}
        <Box
          component="canvas"
          ref={canvas}
          role="img"
          aria-label={t('page', { title, page })}
          data-testid="pdf-page"
          data-drawn={words !== undefined}
          w="100%"
          bg="white"
          style={{ borderRadius: 4 }}
        />
        {words !== undefined && words.trim() !== '' && <Words words={words} />}
      </Stack>
    </Card>
  );
}

/** Draws one page after the other: a canvas takes one drawing at a time. */
function usePage(pdf: Pdf, page: number) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const [drawn, setDrawn] = useState<{ readonly page: number; readonly words?: string }>();
  useEffect(() => {
    let current = true;
    const draw = async () => {
      if (!current || !canvas.current) return;
      try {
        const words = await pdf.draw(page, canvas.current, canvas.current.clientWidth || 800);
        if (current) setDrawn({ page, words });
      } catch {
        if (current) setDrawn({ page });
      }
    };
    last.current = last.current.then(draw);
    return () => {
      current = false;
    };
  }, [pdf, page]);
  const here = drawn?.page === page ? drawn : undefined;
  return { canvas, words: here?.words, failed: here !== undefined && here.words === undefined };
}

function Words({ words }: { readonly words: string }) {
  const t = useTranslations('content');
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        c="dimmed"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {t('theWordsOnThisPage')}
      </Button>
      <Collapse expanded={open} id={id}>
        <Text size="sm" p="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {words}
        </Text>
      </Collapse>
    </div>
  );
}
