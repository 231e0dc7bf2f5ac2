'use client';

import { ActionIcon, Box, Button, Card, Group, Slider, Stack, Text } from '@mantine/core';
import { IconPhotoOff, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { EmptyState, Loading, TechnicalDetails, useSaid } from '../../../ui/index.ts';
import { readScanHeader, type ScanHeader, ScanRefused } from './header.ts';
import { openScan, type Scan, type Window } from './scan.ts';

type State =
  | { readonly stage: 'reading' }
  | { readonly stage: 'refused'; readonly why: string }
  | { readonly stage: 'shown'; readonly scan: Scan; readonly header: ScanHeader; readonly range: Range };

/** What the sliders run over, from the window that the scan came with. */
type Range = { readonly min: number; readonly max: number };

const ZOOM_STEP = 1.25;
const MIN_ZOOM = 0.25;
const MAX_ZOOM = 20;
const MAX_CONTRAST = 6;

/** A DICOM scan: brightness and contrast, zoom, position, frames. */
export function ScanView({ content, title }: { readonly content: Blob; readonly title: string }) {
  const t = useTranslations('content');
  const said = useSaid();
  const element = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<State>({ stage: 'reading' });
  useEffect(() => {
    let current = true;
    let open: Scan | undefined;
    const load = async () => {
      try {
        const header = readScanHeader(new Uint8Array(await content.arrayBuffer()));
        if (!current || !element.current) return;
        const scan = await openScan(element.current, content, header);
        if (!current) return scan.close();
        open = scan;
        setState({ stage: 'shown', scan, header, range: rangeOf(scan.window()) });
      } catch (error) {
        const why = error instanceof ScanRefused ? error.message : 'Its header is broken.';
        if (current) setState({ stage: 'refused', why });
      }
    };
    void load();
    return () => {
      current = false;
      open?.close();
    };
  }, [content]);
  if (state.stage === 'refused') {
    return (
      <EmptyState
        icon={<IconPhotoOff />}
        title={t('thisScanIsNotDrawn')}
        text={t('scanIsAsItWasAdded', { why: said(state.why) })}
      />
    );
  }
  return (
    <Card padding="sm">
      {state.stage === 'reading' && <Loading what={t('drawingTheScan')} />}
      <Picture element={element} state={state} title={title} />
    </Card>
  );
}

type PictureProps = {
  readonly element: React.RefObject<HTMLDivElement | null>;
  readonly state: State;
  readonly title: string;
};

function Picture({ element, state, title }: PictureProps) {
  const t = useTranslations('content');
  const scan = state.stage === 'shown' ? state.scan : undefined;
  const drag = useDrag(scan);
  return (
    <Stack gap="sm">
      <Box
        ref={element}
        role="img"
        aria-label={t('scanOf', { title })}
        data-testid="scan"
        data-drawn={scan !== undefined}
        h={{ base: 320, sm: 520 }}
        bg="black"
        style={{ borderRadius: 8, overflow: 'hidden', touchAction: 'none', cursor: 'move' }}
        {...drag}
      />
      {state.stage === 'shown' && <Controls {...state} />}
    </Stack>
  );
}

function useDrag(scan: Scan | undefined) {
  const from = useRef<{ readonly x: number; readonly y: number } | undefined>(undefined);
  return {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      from.current = { x: event.clientX, y: event.clientY };
    },
    onPointerMove: ({ clientX: x, clientY: y }: PointerEvent) => {
      if (!from.current) return;
      scan?.pan(x - from.current.x, y - from.current.y);
      from.current = { x, y };
    },
    onPointerUp: () => {
      from.current = undefined;
    },
    onPointerCancel: () => {
      from.current = undefined;
    },
  };
}

type ControlsProps = { readonly scan: Scan; readonly header: ScanHeader; readonly range: Range };

function Controls({ scan, header, range }: ControlsProps) {
  const t = useTranslations('content');
  const [frame, setFrame] = useState(0);
  const [window, setWindow] = useState(() => scan.window());
  const [zoom, setZoom] = useState(() => scan.zoom());
  const changeWindow = (next: Window) => {
    scan.setWindow(next);
    setWindow(next);
  };
  const changeZoom = (next: number) => {
    const bounded = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, next));
    scan.setZoom(bounded);
    setZoom(bounded);
  };
  const reset = () => {
    scan.reset();
    setWindow(scan.window());
    setZoom(scan.zoom());
  };
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Group gap="xs">
          <ActionIcon onClick={() => changeZoom(zoom / ZOOM_STEP)} aria-label={t('zoomOut')}>
            <IconZoomOut size={18} />
          </ActionIcon>
          <Text size="sm" w={52} ta="center" aria-live="polite" data-testid="scan-zoom">
            {Math.round(zoom * 100)} %
          </Text>
          <ActionIcon onClick={() => changeZoom(zoom * ZOOM_STEP)} aria-label={t('zoomIn')}>
            <IconZoomIn size={18} />
          </ActionIcon>
        </Group>
        <Button variant="default" size="xs" onClick={reset}>
          {t('asItCame')}
        </Button>
      </Group>
      {header.frames > 1 && (
        <Labelled label={t('pictureOf', { frame: frame + 1, frames: header.frames })}>
          <Slider
            min={0}
            max={header.frames - 1}
            value={frame}
            label={(value) => value + 1}
            thumbLabel={t('picture')}
            onChange={(next) => {
              setFrame(next);
              void scan.showFrame(next);
            }}
          />
        </Labelled>
      )}
      {window && (
        <Group grow gap="xl">
          <Labelled label={t('brightness')}>
            <Slider
              min={-range.max}
              max={-range.min}
              // Lower values in the middle make more of the picture white.
              value={-window.center}
              label={null}
              thumbLabel={t('brightness')}
              onChange={(next) => changeWindow({ ...window, center: -next })}
            />
          </Labelled>
          <Labelled label={t('contrast')}>
            <Slider
              min={0}
              max={MAX_CONTRAST}
              step={0.05}
              value={contrastOf(window, range)}
              label={null}
              thumbLabel={t('contrast')}
              onChange={(next) => changeWindow({ ...window, width: (range.max - range.min) / 2 ** next })}
            />
          </Labelled>
        </Group>
      )}
      <TechnicalDetails
        details={[
          ...header.facts.map(({ name, value }) => ({ name: t(`facts.${name}`), value })),
          { name: t('size'), value: `${header.columns} × ${header.rows}` },
          ...(window
            ? [{ name: t('window'), value: `${Math.round(window.center)} / ${Math.round(window.width)}` }]
            : []),
        ]}
      />
    </Stack>
  );
}

function Labelled({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <Text size="sm" mb={4} aria-hidden>
        {label}
      </Text>
      {children}
    </div>
  );
}

/** How often the window's width is halved until it fits into the range. */
function contrastOf({ width }: Window, { min, max }: Range): number {
  return Math.min(MAX_CONTRAST, Math.max(0, Math.log2((max - min) / width)));
}

/** Twice as far as the scan's own window reaches to either side. */
function rangeOf(window: Window | undefined): Range {
  if (!window) return { min: 0, max: 1 };
  return { min: window.center - 2 * window.width, max: window.center + 2 * window.width };
}
