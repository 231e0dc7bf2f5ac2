import { sha256 } from '../envelope/hash.ts';
import { base64, type ChartContents, type ChartEntry, relativeUrl } from './chart-entry.ts';
import { INDEX_NAME, MANIFEST_NAME } from './chart-manifest.ts';

/*
 * The page that somebody opens first, years from now, without a network and without us. It has
 * no script and asks for nothing; titles are others' words, so each is escaped.
 */

const STYLE = `
:root{color-scheme:light dark;background:Canvas;color:CanvasText;font:1rem/1.5 system-ui,sans-serif}
body{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:anywhere}
h1{line-height:1.2}h2{margin-top:2.5rem}
ul{list-style:none;padding:0}li{padding:.6rem 0;border-top:1px solid #8886}
li a{font-weight:600}p.about{margin:.1rem 0 0}
.note{border:1px solid;border-radius:.5rem;padding:.2rem 1rem}
@media print{a{color:inherit}}
`;

const KINDS: readonly (readonly [heading: string, matches: (entry: ChartEntry) => boolean])[] = [
  ['Health records (FHIR)', ({ mediaType, fhirType }) => fhirType !== '' || mediaType.includes('fhir')],
  ['Scans (DICOM)', ({ mediaType }) => mediaType === 'application/dicom'],
  ['Images', ({ mediaType }) => mediaType.startsWith('image/')],
  ['Documents', ({ mediaType }) => mediaType === 'application/pdf' || mediaType.startsWith('text/')],
  ['Other files', () => true],
];

/** `index.html`. Also well-formed as XML, so that any tool can read it. */
export function startPage(contents: ChartContents): string {
  const { exportedAt, entries } = contents;
  const day = dayInWords(exportedAt.toISOString());
  const policy = `default-src 'none'; style-src 'sha256-${base64(sha256(new TextEncoder().encode(STYLE)))}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="referrer" content="no-referrer"/>
<title>Health records, exported on ${day}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Health records</h1>
<p>A copy of a whole chart, made with Chartkey on ${day}. It holds ${counted(entries.length, 'record')}, each as the file that was added. To read them you need nothing but this folder.</p>
<p class="note"><strong>Keep it as you would keep it on paper.</strong> These files are not encrypted: whoever has this folder can read all of it.</p>
${missingPart(contents)}
${kindParts(contents)}
<h2>For programs</h2>
<ul>
<li><a href="${INDEX_NAME}">${INDEX_NAME}</a><p class="about">The same list as a FHIR R4 Bundle, with the resources of the health records in it.</p></li>
<li><a href="${MANIFEST_NAME}">${MANIFEST_NAME}</a><p class="about">The SHA-256 checksum of each file, and what Chartkey needs to import the chart again.</p></li>
</ul>
</main>
</body>
</html>
`;
}

function kindParts(contents: ChartContents): string {
  const byKind = Map.groupBy(
    contents.entries,
    (entry) => KINDS.find(([, matches]) => matches(entry))?.[0] ?? '',
  );
  if (contents.entries.length === 0) return '<p>This chart holds no record.</p>';
  return KINDS.flatMap(([heading]) => {
    const entries = byKind.get(heading);
    if (!entries) return [];
    const newestFirst = entries.toSorted((a, b) => (a.created < b.created ? 1 : -1));
    return `<h2>${heading}</h2>\n<ul>\n${newestFirst.map((entry) => line(contents, entry)).join('\n')}\n</ul>`;
  }).join('\n');
}

function line({ patient, folderName }: ChartContents, entry: ChartEntry): string {
  const { path, title, created, length, compartment, author, superseded } = entry;
  const about = [
    `<time datetime="${escaped(created)}">${dayInWords(created)}</time>`,
    escaped(folderName(compartment)),
    sizeInWords(length),
    author.toLowerCase() === patient.toLowerCase() ? 'added by the patient' : 'added by a provider',
    ...(superseded ? ['there is a newer version'] : []),
  ].join(' · ');
  return `<li><a href="${escaped(relativeUrl(path))}">${escaped(title) || 'Untitled'}</a><p class="about">${about}</p></li>`;
}

function missingPart({ missing, folderName }: ChartContents): string {
  if (missing.length === 0) return '';
  const lines = missing.map(({ compartment, reason, path }) => {
    const rest =
      path === undefined ? '' : ` The file “${escaped(path)}” broke off half-way and must not be used.`;
    return `<li>A record in ${escaped(folderName(compartment))}: ${escaped(reason)}${rest}</li>`;
  });
  return `<h2>Not included</h2>
<p>${counted(missing.length, 'record')} of this chart could not be opened when it was exported.</p>
<ul>\n${lines.join('\n')}\n</ul>`;
}

/** Text for XML and HTML. What neither may hold, and what turns the reading direction, goes. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, ' ')
    .replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? '');
}

function dayInWords(created: string): string {
  const format = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Date(created).toLocaleDateString('en-GB', format);
}

function sizeInWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** step;
  return `${value.toLocaleString('en-GB', { maximumFractionDigits: step > 0 && value < 10 ? 1 : 0 })} ${units[step]}`;
}

function counted(n: number, what: string): string {
  return n === 1 ? `1 ${what}` : `${n} ${what}s`;
}
