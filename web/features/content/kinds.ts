import { recordTypeOfFhir } from '@chartkey/sdk';

export type RecordKind = 'fhir' | 'text' | 'pdf' | 'image' | 'dicom' | 'other';

type Typed = { readonly mediaType: string; readonly fhirType: string };

/** Images that every browser shows. */
const IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
/** What may hold scripts is shown as its own text, and never as a page or a picture. */
const SOURCES = new Set(['application/json', 'application/xml', 'application/xhtml+xml', 'image/svg+xml']);

export function kindOf({ mediaType }: Typed): RecordKind {
  if (mediaType === 'application/fhir+json') return 'fhir';
  if (mediaType === 'application/pdf') return 'pdf';
  if (mediaType === 'application/dicom') return 'dicom';
  if (IMAGES.has(mediaType)) return 'image';
  if (mediaType.startsWith('text/') || SOURCES.has(mediaType)) return 'text';
  return 'other';
}

/** What people call such a file. */
export function typeName(typed: Typed): string {
  const said = recordTypeOfFhir(typed.fhirType);
  if (said) return said.display;
  const names: Record<RecordKind, string> = {
    fhir: typed.fhirType === 'Bundle' || typed.fhirType === '' ? 'Health record' : spaced(typed.fhirType),
    text: 'Text',
    pdf: 'PDF document',
    image: 'Image',
    dicom: 'Scan (DICOM)',
    other: 'File',
  };
  return names[kindOf(typed)];
}

function spaced(type: string): string {
  const words = type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
