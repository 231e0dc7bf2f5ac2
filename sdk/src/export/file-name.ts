/** Bytes of UTF-8 in one name; file systems take 255, and a number and an ending come around it. */
const MAX_NAME_BYTES = 160;

/** Endings for what has none, or another than it is. */
const ENDINGS: readonly (readonly [mediaType: string, ending: string])[] = [
  ['application/dicom', 'dcm'],
  ['application/fhir+json', 'json'],
  ['application/fhir+ndjson', 'ndjson'],
  ['application/json', 'json'],
  ['application/pdf', 'pdf'],
  ['application/xml', 'xml'],
  ['image/gif', 'gif'],
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/webp', 'webp'],
  ['text/csv', 'csv'],
  ['text/plain', 'txt'],
];

/**
 * What a double click runs, or what a browser opens as a page with scripts in it. A provider
 * wrote the title, so `.txt` comes behind: the bytes are what they were.
 */
const ACTIVE =
  /\.(?:app|bat|chm|cmd|com|command|cpl|desktop|dll|docm|exe|gadget|hta|htm|html|inf|jar|js|jse|lnk|mht|mhtml|msc|msi|msp|pif|ps1|py|reg|scf|scr|sh|shtml|svg|svgz|terminal|url|vb|vbe|vbs|wsf|wsh|xht|xhtml|xlsm|xml|xsl|xslt)$/i;

/**
 * A name for a file on any disk, from whatever a title says: one path segment, no control or
 * direction characters, nothing that Windows refuses or runs, unique by its number.
 *
 * @param number - from 1 on; in front, so that no name can be a device's (`CON`) or start with a dot.
 */
export function archiveFileName(
  number: number,
  { title, mediaType }: { readonly title: string; readonly mediaType: string },
): string {
  const stem = shortened(safeText(title)) || 'record';
  const ending = ENDINGS.find(([type]) => type === mediaType.split(';')[0]?.trim().toLowerCase())?.[1];
  const named = ending === undefined || hasEnding(stem, ending) ? stem : `${stem}.${ending}`;
  return `${String(number).padStart(4, '0')} ${ACTIVE.test(named) ? `${named}.txt` : named}`;
}

/** What a record's download as .age is called. */
export function exportAgeName(title: string): string {
  return `${safeText(title) || 'record'}.age`;
}

/** What an export is called. No name: that would tell whose it is to whoever sees the folder. */
export function exportChartName(exportedAt: Date, encrypted: boolean): string {
  return `chart-${exportedAt.toISOString().slice(0, 10)}.tar${encrypted ? '.age' : ''}`;
}

/** A title without what file systems refuse and what would show it other than it is. */
function safeText(title: string): string {
  return title
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\\/:*?"<>|\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, '_')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[ .]+|[ .]+$/g, '');
}

function hasEnding(stem: string, ending: string): boolean {
  const own = stem.slice(stem.lastIndexOf('.') + 1).toLowerCase();
  return stem.includes('.') && (own === ending || (ending === 'jpg' && own === 'jpeg'));
}

/** Keeps the ending, and cuts between two characters as people see them. */
function shortened(stem: string): string {
  if (bytesOf(stem) <= MAX_NAME_BYTES) return stem;
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(stem)?.[0] ?? '';
  let kept = '';
  let length = bytesOf(ending);
  for (const { segment } of new Intl.Segmenter().segment(stem.slice(0, stem.length - ending.length))) {
    length += bytesOf(segment);
    if (length > MAX_NAME_BYTES) break;
    kept += segment;
  }
  return `${kept.replace(/[ .]+$/, '')}${ending}`;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
