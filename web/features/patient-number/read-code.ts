import { decodeQR } from 'qr/decode.js';

/** Longer sides are made smaller first: a code in a photo of a camera is still far larger than it needs. */
const MAX_SIDE = 1_280;

type Picture = HTMLVideoElement | ImageBitmap;

type Detector = { readonly detect: (source: Picture) => Promise<readonly { readonly rawValue: string }[]> };
type DetectorClass = {
  new (options: { readonly formats: readonly string[] }): Detector;
  readonly getSupportedFormats: () => Promise<readonly string[]>;
};

/** Reads the QR codes in a picture; undefined if there is none that can be read. */
export async function codeReader(): Promise<(picture: Picture) => Promise<string | undefined>> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  if (BarcodeDetector && (await BarcodeDetector.getSupportedFormats()).includes('qr_code')) {
    const detector = new BarcodeDetector({ formats: ['qr_code'] });
    return async (picture) => (await detector.detect(picture))[0]?.rawValue;
  }
  const canvas = document.createElement('canvas');
  return async (picture) => decoded(canvas, picture);
}

function decoded(canvas: HTMLCanvasElement, picture: Picture): string | undefined {
  const [width, height] =
    picture instanceof HTMLVideoElement
      ? [picture.videoWidth, picture.videoHeight]
      : [picture.width, picture.height];
  if (width === 0 || height === 0) return undefined;
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    // Most pictures of a camera hold no code.
    return undefined;
  }
}
