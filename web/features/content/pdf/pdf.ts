import { getDocument, type PDFDocumentProxy, PDFWorker } from 'pdfjs-dist';

/** A PDF whose pages are drawn one by one. */
export type Pdf = {
  readonly pages: number;
  /** Draws a page, 1-based, as wide as so many pixels of the screen. Gives its words in reading order. */
  readonly draw: (page: number, canvas: HTMLCanvasElement, width: number) => Promise<string>;
  readonly close: () => void;
};

/** Why a PDF is not drawn, for people. */
export class PdfRefused extends Error {
  override readonly name = 'PdfRefused';
}

/** The largest canvas that all browsers give. */
const MAX_CANVAS_PIXELS = 16_777_216;
const MAX_PDF_BYTES = 256 * 1_048_576;
const MAX_WORDS = 20_000;

/**
 * Opens a PDF with pdf.js, in a worker of its own that ends with it. Nothing in the file runs:
 * scripts, forms, links and attachments are not asked for, only pages drawn and words read.
 *
 * @throws PdfRefused with words for people, never the file's own
 */
export async function openPdf(content: Blob): Promise<Pdf> {
  if (content.size > MAX_PDF_BYTES) throw new PdfRefused('It is larger than a page can draw.');
  const port = new Worker(new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url), {
    type: 'module',
  });
  const worker = PDFWorker.create({ port });
  const task = getDocument({
    worker,
    data: new Uint8Array(await content.arrayBuffer()),
    enableXfa: false,
    useWasm: false,
    maxImageSize: MAX_CANVAS_PIXELS,
    verbosity: 0,
  });
  const close = () => {
    void task.destroy().finally(() => {
      worker.destroy();
      port.terminate();
    });
  };
  // Nobody is asked for a password: the original opens where it was made to.
  task.onPassword = () => close();
  try {
    const pdf = await task.promise;
    return { pages: pdf.numPages, draw: (...where) => draw(pdf, ...where), close };
  } catch {
    close();
    throw new PdfRefused('It is damaged, or locked with a password.');
  }
}

async function draw(
  pdf: PDFDocumentProxy,
  number: number,
  canvas: HTMLCanvasElement,
  width: number,
): Promise<string> {
  const page = await pdf.getPage(number);
  const whole = page.getViewport({ scale: 1 });
  const sharp = (width / whole.width) * Math.min(2, globalThis.devicePixelRatio || 1);
  const scale = Math.min(sharp, Math.sqrt(MAX_CANVAS_PIXELS / (whole.width * whole.height)));
  const viewport = page.getViewport({ scale });
  canvas.width = Math.max(1, Math.floor(viewport.width));
  canvas.height = Math.max(1, Math.floor(viewport.height));
  await page.render({ canvas, viewport, annotationMode: 0 }).promise;
  const { items } = await page.getTextContent();
  const words = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : ''));
  return words.join('').slice(0, MAX_WORDS);
}
