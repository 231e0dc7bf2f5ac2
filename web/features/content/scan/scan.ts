import { cache, Enums, imageLoader, init, RenderingEngine, StackViewport } from '@cornerstonejs/core';
import { init as initLoader, wadouri } from '@cornerstonejs/dicom-image-loader';
import { type ScanHeader, ScanRefused } from './header.ts';

/** Brightness and contrast, as radiology has them: which values are drawn from black to white. */
export type Window = { readonly center: number; readonly width: number };

/** A scan on screen. Drawn by cornerstone on a plain canvas, so that it needs no graphics card. */
export type Scan = {
  /** 0-based. */
  readonly showFrame: (frame: number) => Promise<void>;
  /** Undefined for pictures in colour. */
  readonly window: () => Window | undefined;
  readonly setWindow: (window: Window) => void;
  /** 1 shows the whole picture. */
  readonly zoom: () => number;
  readonly setZoom: (zoom: number) => void;
  /** Moves the picture, in pixels of the screen. */
  readonly pan: (dx: number, dy: number) => void;
  readonly reset: () => void;
  readonly close: () => void;
};

const VIEWPORT = 'scan';
/** Long enough for a large picture on a slow machine; a decoder that runs longer never ends. */
const DECODE_MS = 20_000;

let started = false;
let named = 0;
let onScreen = 0;

function start(): void {
  if (started) return;
  started = true;
  init({ rendering: { useCPURendering: true }, debug: {} });
  initLoader({ maxWebWorkers: 1, strict: false });
}

/**
 * Draws the first frame of a scan into an element.
 *
 * @param header As {@link readScanHeader} checked it
 * @throws ScanRefused if it can't be decoded
 */
export async function openScan(element: HTMLDivElement, content: Blob, header: ScanHeader): Promise<Scan> {
  start();
  const engine = new RenderingEngine(`scan-${++named}`);
  const imageId = wadouri.fileManager.add(content);
  const ids = Array.from({ length: header.frames }, (_, at) =>
    header.frames === 1 ? imageId : `${imageId}?frame=${at + 1}`,
  );
  onScreen++;
  const close = () => {
    engine.destroy();
    // Not all of them at once: numbers would begin anew, and the library knows headers and pictures by number.
    wadouri.fileManager.remove(Number(imageId.split(':')[1]));
    // The library keeps what it decoded, for every scan of the page together.
    if (--onScreen === 0) forgetAll();
  };
  try {
    engine.enableElement({ viewportId: VIEWPORT, type: Enums.ViewportType.STACK, element });
    const viewport = engine.getViewport(VIEWPORT);
    if (!(viewport instanceof StackViewport)) throw new ScanRefused('This browser can’t draw scans.');
    await decode(ids[0] ?? imageId);
    await inTime(viewport.setStack(ids, 0));
    viewport.render();
    return driverOf(viewport, { ids, colour: header.colour, close });
  } catch {
    close();
    throw new ScanRefused('Its picture is coded in a way that this page can’t draw.');
  }
}

/** A viewport is silent about what it can't load; this is not. */
function decode(imageId: string): Promise<unknown> {
  return inTime(imageLoader.loadAndCacheImage(imageId));
}

function forgetAll(): void {
  cache.purgeCache();
  wadouri.dataSetCacheManager.purge();
}

type Drawn = { readonly ids: readonly string[]; readonly colour: boolean; readonly close: () => void };

function driverOf(viewport: StackViewport, { ids, colour, close }: Drawn): Scan {
  const whole = viewport.getZoom() || 1;
  const draw = (change: () => void) => {
    change();
    viewport.render();
  };
  return {
    showFrame: async (frame) => {
      const imageId = ids[frame];
      if (imageId === undefined) return;
      await decode(imageId);
      await inTime(viewport.setImageIdIndex(frame));
      viewport.render();
    },
    window: () => {
      const { voiRange } = viewport.getProperties();
      if (!voiRange || colour) return undefined;
      const { lower, upper } = voiRange;
      return { center: (lower + upper) / 2, width: upper - lower };
    },
    setWindow: ({ center, width }) =>
      draw(() =>
        viewport.setProperties({ voiRange: { lower: center - width / 2, upper: center + width / 2 } }),
      ),
    zoom: () => viewport.getZoom() / whole,
    setZoom: (zoom) => draw(() => viewport.setZoom(zoom * whole)),
    pan: (dx, dy) =>
      draw(() => {
        const [x, y] = viewport.getPan();
        viewport.setPan([x + dx, y + dy]);
      }),
    reset: () =>
      draw(() => {
        viewport.resetProperties();
        viewport.resetCamera();
      }),
    close,
  };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ScanRefused('It takes too long to draw.')), DECODE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
