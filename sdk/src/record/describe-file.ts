import { fitTitle, type Metadata } from '../envelope/index.ts';

/** How far into a file its kind is looked for. */
const SNIFFED_BYTES = 65_536;

const BY_EXTENSION: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  dcm: 'application/dicom',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  ndjson: 'application/fhir+ndjson',
  pdf: 'application/pdf',
  png: 'image/png',
  txt: 'text/plain',
  webp: 'image/webp',
  xml: 'application/xml',
};

/**
 * What a file is, guessed from its first bytes and then its name: the metadata that is sealed
 * with it. Nothing here leaves the machine.
 */
export async function describeFile(file: Blob, name: string, now = new Date()): Promise<Metadata> {
  const head = new Uint8Array(await file.slice(0, SNIFFED_BYTES).arrayBuffer());
  const mediaType = kindOfBytes(head) ?? BY_EXTENSION[extensionOf(name)] ?? 'application/octet-stream';
  const fhirType = mediaType === 'application/json' ? fhirTypeOf(head) : '';
  return {
    length: file.size,
    mediaType: fhirType === '' ? mediaType : 'application/fhir+json',
    title: fitTitle(name),
    fhirType,
    created: `${now.toISOString().slice(0, 19)}Z`,
  };
}

function kindOfBytes(head: Uint8Array): string | undefined {
  const text = (start: number, length: number) =>
    String.fromCharCode(...head.subarray(start, start + length));
  // DICOM PS3.10, section 7.1: 128 bytes of preamble, then "DICM".
  if (text(128, 4) === 'DICM') return 'application/dicom';
  if (text(0, 5) === '%PDF-') return 'application/pdf';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (text(0, 3) === '\xff\xd8\xff') return 'image/jpeg';
  return undefined;
}

/** The first `resourceType` in a FHIR JSON file is the file's own or, rarely, that of its first entry. */
function fhirTypeOf(head: Uint8Array): string {
  const found = /"resourceType"\s*:\s*"([A-Z][A-Za-z]{0,63})"/.exec(new TextDecoder().decode(head));
  return found?.[1] ?? '';
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}
