import { toHex } from '../envelope/bytes.ts';
import { sha256 } from '../envelope/hash.ts';
import { accountUri, type ChartContents, type ChartEntry, recordUri, relativeUrl } from './chart-entry.ts';
import type { MissingRecord } from './chart-manifest.ts';

/*
 * The index as FHIR R4 (hl7.org/fhir/R4): a Bundle of type "collection" with a DocumentReference
 * for each record, and the resources out of records that are FHIR themselves, so that a hospital
 * can take them in without knowing us.
 */

type Json = Readonly<Record<string, unknown>>;
/** A Bundle's entry as text, so that it takes no more memory than it must. */
type EntryText = string;

/** FHIR's `unsignedInt` ends here; a longer file has no size in the index. */
const MAX_FHIR_INTEGER = 2 ** 31 - 1;
/** Resources are in the index up to this many bytes of records; the others are files beside it. */
const MAX_EMBEDDED_BYTES = 32 * 1_048_576;

const URI_SYSTEM = 'urn:ietf:rfc:3986';

/** Bundles whose entries are resources as they stand now. */
const TAKEN_APART = new Set(['collection', 'document', 'transaction', 'batch', 'searchset']);

/** Gathers the resources of FHIR records while their bytes go by. */
export type FhirGatherer = {
  readonly wants: (record: { readonly mediaType: string; readonly length: number }) => boolean;
  readonly take: (recordId: string, content: Uint8Array) => void;
  readonly entries: () => readonly EntryText[];
};

export function gatherFhir(): FhirGatherer {
  const texts: EntryText[] = [];
  const known = new Set<string>();
  let room = MAX_EMBEDDED_BYTES;
  return {
    wants: ({ mediaType, length }) => /^application\/fhir\+json\b/i.test(mediaType) && length <= room,
    take(recordId, content) {
      for (const { fullUrl, resource } of resourcesOf(recordId, content)) {
        // A Bundle names each thing once (bdl-7). Records come newest first, so the newest is kept;
        // the older one is in its own file.
        if (known.has(fullUrl)) continue;
        known.add(fullUrl);
        texts.push(JSON.stringify({ fullUrl, resource }));
      }
      room -= content.length;
    },
    entries: () => texts,
  };
}

/** Content that is no FHIR after all has no resources; its file is in the archive all the same. */
function resourcesOf(recordId: string, content: Uint8Array): { fullUrl: string; resource: Json }[] {
  const own = parsed(content);
  if (!isResource(own)) return [];
  const isBundle = own['resourceType'] === 'Bundle';
  if (!isBundle) return [{ fullUrl: uuidUrn(recordId, 'resource'), resource: own }];
  const { type, entry } = own as { type?: unknown; entry?: unknown };
  if (!TAKEN_APART.has(String(type)) || !Array.isArray(entry)) return [];
  return entry.flatMap((one: unknown, at) => {
    const { resource, fullUrl } = (isObject(one) ? one : {}) as { resource?: unknown; fullUrl?: unknown };
    if (!isResource(resource) || resource['resourceType'] === 'Bundle') return [];
    return [{ fullUrl: isUri(fullUrl) ? fullUrl : uuidUrn(recordId, `resource ${at}`), resource }];
  });
}

function parsed(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    return undefined;
  }
}

/** `index.json`. */
export function fhirIndex(contents: ChartContents, resources: readonly EntryText[]): string {
  const { exportedAt, patient, chainId, entries, missing } = contents;
  const patientUrl = uuidUrn(patient, 'patient');
  const all: EntryText[] = [
    text(patientUrl, {
      resourceType: 'Patient',
      identifier: [uri(accountUri(chainId, patient))],
    }),
    ...entries.map((entry) =>
      text(uuidUrn(entry.recordId, 'document'), documentReference(contents, entry, patientUrl)),
    ),
    ...(missing.length > 0 ? [text(uuidUrn(patient, 'missing'), outcomeOf(missing))] : []),
    ...resources,
  ];
  const head = JSON.stringify({
    resourceType: 'Bundle',
    identifier: uri(`urn:uuid:${crypto.randomUUID()}`),
    type: 'collection',
    timestamp: exportedAt.toISOString(),
  });
  return `${head.slice(0, -1)},"entry":[\n${all.join(',\n')}\n]}\n`;
}

function documentReference(contents: ChartContents, entry: ChartEntry, patientUrl: string): Json {
  const { recordId, author, title, created, length, mediaType, path, sha1, superseded } = entry;
  const byPatient = author.toLowerCase() === contents.patient.toLowerCase();
  const named = fhirText(title);
  return {
    resourceType: 'DocumentReference',
    masterIdentifier: uri(recordUri(recordId)),
    status: superseded ? 'superseded' : 'current',
    subject: { reference: patientUrl },
    // `date` is an instant; a day alone stands in the attachment.
    ...(created.includes('T') && { date: created }),
    author: [
      byPatient
        ? { reference: patientUrl }
        : { identifier: uri(accountUri(contents.chainId, author)), display: 'A verified provider' },
    ],
    category: [{ text: contents.folderName(entry.compartment) }],
    ...(named && { description: named }),
    content: [
      {
        attachment: {
          contentType: mediaType,
          url: relativeUrl(path),
          ...(length <= MAX_FHIR_INTEGER && { size: length }),
          hash: sha1,
          ...(named && { title: named }),
          creation: created,
        },
      },
    ],
  };
}

/** What is not here is said to programs too. */
function outcomeOf(missing: readonly MissingRecord[]): Json {
  return {
    resourceType: 'OperationOutcome',
    issue: missing.map(({ recordId, reason, path }) => ({
      severity: 'warning',
      code: 'incomplete',
      diagnostics: `The record ${recordUri(recordId)} is not included: ${reason}${
        path === undefined ? '' : ' A part of it is a file in the archive that must not be used.'
      }`,
    })),
  };
}

function text(fullUrl: string, resource: Json): EntryText {
  return JSON.stringify({ fullUrl, resource });
}

function uri(value: string): Json {
  return { system: URI_SYSTEM, value };
}

/** The same thing gets the same URL in each export: RFC 9562, version 8, out of a hash. */
function uuidUrn(...name: readonly string[]): string {
  const bytes = sha256(new TextEncoder().encode(name.join('\n'))).subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = toHex(bytes).slice(2);
  return `urn:uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}`;
}

/** FHIR's string: no control characters, not empty. */
function fhirText(title: string): string {
  return title
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
}

function isUri(value: unknown): value is string {
  return typeof value === 'string' && /^(?:urn:(?:uuid|oid):|https?:\/\/)\S+$/.test(value);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isResource(value: unknown): value is Json {
  return isObject(value) && /^[A-Z][A-Za-z]{0,63}$/.test(String(value['resourceType']));
}
