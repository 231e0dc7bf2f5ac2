import { type DataSet, parseDicom } from 'dicom-parser';

/** What is read of a scan's header before any of its pixels are believed. */
export type ScanHeader = {
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  readonly colour: boolean;
  /** For people: `MR`, `2004-01-19`; what the file does not say is left out. */
  readonly facts: readonly { readonly name: FactName; readonly value: string }[];
};

/** Why a scan is not drawn, for people. */
export class ScanRefused extends Error {
  override readonly name = 'ScanRefused';
}

/** Most pixels of one frame: a mammogram has 20 million. */
const MAX_FRAME_PIXELS = 50_000_000;
const MAX_FRAMES = 10_000;
/** The largest file that is drawn; a browser's tab holds it several times over. */
export const MAX_SCAN_BYTES = 512 * 1_048_576;
/** Compressed frames are believed to unfold to no more than so many times their file. */
const MAX_EXPANSION = 400;

const FACTS = [
  { tag: 'x00080060', name: 'kind' },
  { tag: 'x00080020', name: 'date' },
  { tag: 'x00081030', name: 'study' },
  { tag: 'x0008103e', name: 'series' },
  { tag: 'x00180015', name: 'bodyPart' },
] as const;

type FactName = (typeof FACTS)[number]['name'];

/** Transfer syntaxes of the standard itself. For any other the decoder throws where nobody can catch it. */
const KNOWN = /^1\.2\.840\.10008\.1\.2(\.|$)/;
/** Transfer syntaxes whose pixels come in fragments (DICOM PS3.5, A.4); the decoder draws others' pixels as they are. */
const COMPRESSED = /^1\.2\.840\.10008\.1\.2\.(4\.|5$)/;

/**
 * Reads a DICOM header and refuses one that can't be true: no pixels, sizes that nothing could
 * hold, or more pixels than its bytes can give. Restrictions in this order: length, grammar,
 * presence of pixels, their coding, rows and columns, frames, pixels against bytes.
 *
 * @param bytes The whole file
 * @throws ScanRefused with words for people, never the file's own
 */
export function readScanHeader(bytes: Uint8Array): ScanHeader {
  if (bytes.length > MAX_SCAN_BYTES) throw new ScanRefused('It is larger than a page can draw.');
  const data = parsed(bytes);
  const picture = data.elements['x7fe00010'];
  if (!picture) throw new ScanRefused('There is no picture in it.');
  const coding = data.string('x00020010') ?? '';
  if (!KNOWN.test(coding) || (COMPRESSED.test(coding) && !picture.encapsulatedPixelData)) {
    throw new ScanRefused('Its picture is coded in a way that this page can’t draw.');
  }
  const rows = data.uint16('x00280010') ?? 0;
  const columns = data.uint16('x00280011') ?? 0;
  if (rows === 0 || columns === 0 || rows * columns > MAX_FRAME_PIXELS) {
    throw new ScanRefused('Its header gives a size that no picture has.');
  }
  const frames = framesOf(data);
  const samples = data.uint16('x00280002') ?? 1;
  const pixelBytes = rows * columns * frames * samples;
  if (frames > MAX_FRAMES || pixelBytes > bytes.length * MAX_EXPANSION) {
    throw new ScanRefused('Its header promises more pictures than the file can hold.');
  }
  return { frames, rows, columns, colour: samples > 1, facts: factsOf(data) };
}

function parsed(bytes: Uint8Array): DataSet {
  try {
    return parseDicom(bytes);
  } catch {
    throw new ScanRefused('Its header is broken.');
  }
}

function framesOf(data: DataSet): number {
  if (!data.elements['x00280008']) return 1;
  const frames = data.intString('x00280008');
  if (frames === undefined || !Number.isInteger(frames) || frames < 1) {
    throw new ScanRefused('Its header gives no number of pictures.');
  }
  return frames;
}

function factsOf(data: DataSet): ScanHeader['facts'] {
  const found = FACTS.map(({ tag, name }) => ({ name, value: textOf(data, tag) }));
  return found.filter(({ value }) => value !== '');
}

/** One line of at most 80 visible characters. */
function textOf(data: DataSet, tag: string): string {
  const text = (data.string(tag) ?? '').replace(/[\p{C}\s]+/gu, ' ').trim();
  const date = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  return date ? date.slice(1).join('-') : text.slice(0, 80);
}
