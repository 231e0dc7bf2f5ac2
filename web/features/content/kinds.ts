import { recordTypeOfFhir } from '@chartkey/sdk';
import type { Translate } from '../../i18n/messages.ts';

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

/** What people call such a file, in the reader's language. A rare FHIR type goes by its own name. */
export function typeName(t: Translate<'content'>, typed: Typed): string {
  const known = recordTypeOfFhir(typed.fhirType);
  if (known) return t(`types.${known.kind}`);
  const kind = kindOf(typed);
  const isNamed = typed.fhirType !== 'Bundle' && typed.fhirType !== '';
  return kind === 'fhir' && isNamed ? spaced(typed.fhirType) : t(`kinds.${kind}`);
}

function spaced(type: string): string {
  const words = type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
