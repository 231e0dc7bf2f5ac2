import type { Metadata, RecordId } from '../envelope/index.ts';
import { encodeMetadata } from '../envelope/metadata.ts';
import { ArchiveError, ChartkeyError } from '../errors.ts';
import { z } from '../zod.ts';

/** The folder that everything in an archive lies in. */
export const CHART_FOLDER = 'chart';
export const MANIFEST_NAME = 'manifest.json';
export const INDEX_NAME = 'index.json';
export const START_PAGE_NAME = 'index.html';
export const RECORDS_FOLDER = 'records';

const FORMAT = 'chartkey-chart';
const VERSION = 1;

/** What an archive may claim before it is refused. Ours stay far below. */
export const ARCHIVE_LIMITS = {
  records: 10_000,
  /** Files and folders, those that no manifest names included. */
  entries: 20_500,
  manifestBytes: 32 * 1_048_576,
  /** Of all content. */
  bytes: 2 ** 44,
  pathBytes: 512,
} as const;

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`));
const recordId = hex(32).transform((id) => id as RecordId);
const address = hex(20).transform((text) => text as `0x${string}`);
const compartment = z.int().min(0).max(63);
const path = z.string().min(1).max(ARCHIVE_LIMITS.pathBytes);

const record = z.strictObject({
  recordId,
  /** Relative to the manifest. */
  path,
  sha256: digest,
  length: z.int().min(0),
  mediaType: z.string(),
  title: z.string(),
  fhirType: z.string(),
  created: z.string(),
  compartment,
  author: address,
});

const missing = z.strictObject({
  recordId,
  compartment,
  /** An error's code and its words: never what is in the record. */
  code: z.string().max(64),
  reason: z.string().max(1_000),
  /** A file that broke off half-way; what lies there is not the record. */
  path: path.optional(),
});

const manifest = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  exportedAt: z.iso.datetime(),
  chainId: z.int().min(0),
  recordIndex: address,
  patient: address,
  files: z.array(z.strictObject({ path, sha256: digest, length: z.int().min(0) })).max(16),
  records: z.array(record).max(ARCHIVE_LIMITS.records),
  missing: z.array(missing).max(ARCHIVE_LIMITS.records),
});

export type ChartManifest = Readonly<z.output<typeof manifest>>;
export type ArchivedRecord = Readonly<z.output<typeof record>>;
export type MissingRecord = Readonly<z.output<typeof missing>>;

export function manifestText(content: Omit<ChartManifest, 'format' | 'version'>): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, ...content }, null, 2)}\n`;
}

/**
 * @throws ArchiveError `ARCHIVE_MALFORMED`, `ARCHIVE_VERSION_UNKNOWN`. What the manifest says
 * instead is not repeated: it may hold titles.
 */
export function parseManifest(bytes: Uint8Array): ChartManifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw malformed('is not JSON');
  }
  const head = z.object({ format: z.literal(FORMAT), version: z.number() }).safeParse(json);
  if (!head.success) throw malformed('is not one of a chart export');
  if (head.data.version !== VERSION) {
    throw new ArchiveError('ARCHIVE_VERSION_UNKNOWN', 'This export was made by a newer version.', {
      path: MANIFEST_NAME,
      advice: 'The files in it can be read without us; to import them, use the newer version.',
    });
  }
  const parsed = manifest.safeParse(json);
  if (!parsed.success) throw malformed('does not have the form that it must have');
  for (const one of parsed.data.records) throwUnlessSealable(one);
  throwIfRepeated(parsed.data);
  return parsed.data;
}

export function metadataOf({ length, mediaType, title, fhirType, created }: ArchivedRecord): Metadata {
  return { length, mediaType, title, fhirType, created };
}

/** Better known before anything is sealed than in the middle of it. */
function throwUnlessSealable(one: ArchivedRecord): void {
  try {
    encodeMetadata(metadataOf(one));
  } catch (cause) {
    if (cause instanceof ChartkeyError) throw malformed('describes a record as none can be');
    throw cause;
  }
}

function throwIfRepeated({ records, files }: ChartManifest): void {
  const paths = [...records, ...files].map((file) => file.path);
  if (new Set(paths).size !== paths.length) throw malformed('names a file twice');
  if (new Set(records.map((one) => one.recordId)).size !== records.length) {
    throw malformed('names a record twice');
  }
}

function malformed(what: string): ArchiveError {
  return new ArchiveError('ARCHIVE_MALFORMED', `The manifest of this archive ${what}.`, {
    path: MANIFEST_NAME,
  });
}
