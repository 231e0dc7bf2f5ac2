import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../envelope/bytes.ts';
import { type ByteSource, iterate } from '../envelope/chunks.ts';
import type { Metadata, RecordId } from '../envelope/index.ts';
import { ArchiveError, ChartkeyError } from '../errors.ts';
import { describeFile } from '../record/describe-file.ts';
import { importAge, type OpenAgeWith } from './age.ts';
import { type ArchiveFile, looksLikeArchive, readArchive } from './archive.ts';
import {
  ARCHIVE_LIMITS,
  type ChartManifest,
  MANIFEST_NAME,
  type MissingRecord,
  metadataOf,
  parseManifest,
} from './chart-manifest.ts';
import { streamOf } from './streams.ts';

/** A file that somebody chose to import, and what opens it if it is an .age file. */
export type ImportFile = {
  readonly file: Blob;
  readonly name: string;
  readonly opening?: OpenAgeWith | undefined;
};

export type ImportOptions = {
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** A record that is in the file, whole and unaltered. */
export type ImportableRecord = {
  /** In the archive; empty for a single file. */
  readonly path: string;
  readonly sha256: string;
  readonly metadata: Metadata;
  /** In the chart it comes from; nothing for a single file. */
  readonly recordId?: RecordId | undefined;
  readonly compartment: number;
};

export type ImportPreview = {
  /** A whole chart, or the one file that somebody encrypted. */
  readonly kind: 'chart' | 'file';
  readonly exportedAt?: string | undefined;
  /** Of a chart: whose it was, in small letters. */
  readonly patient?: string | undefined;
  readonly records: readonly ImportableRecord[];
  /** Files that are not what the manifest says: they can't be imported. */
  readonly damaged: readonly { readonly path: string; readonly why: 'absent' | 'altered' }[];
  /** What the export itself said was missing. */
  readonly missing: readonly MissingRecord[];
  /** Files that the manifest does not name; they are left alone. */
  readonly unlisted: number;
};

/** How far into a file its kind is looked for. */
const HEAD_BYTES = 65_536;

/**
 * What must be known to open a file. Reads its first bytes only.
 *
 * @returns `plain` for a chart's archive, `passphrase` or `identity` for an .age file of either.
 * @throws ArchiveError `ARCHIVE_MALFORMED` for anything else
 */
export async function importOpensWith(file: Blob): Promise<'plain' | 'passphrase' | 'identity'> {
  const head = new Uint8Array(await file.slice(0, 4_096).arrayBuffer());
  if (looksLikeArchive(head)) return 'plain';
  const text = new TextDecoder('latin1').decode(head);
  if (!text.startsWith('age-encryption.org/v1\n')) {
    throw new ArchiveError('ARCHIVE_MALFORMED', 'This is neither a chart export nor an .age file.', {
      advice: 'Add it as a record if that is what it is.',
    });
  }
  return text.includes('\n-> scrypt ') ? 'passphrase' : 'identity';
}

/**
 * Reads a file to its end, holds every checksum against the manifest, and says what is in it.
 * Nothing is changed anywhere. Memory stays flat.
 *
 * @throws ArchiveError, IntegrityError `SEAL_BROKEN` (wrong passphrase), `BODY_SEGMENT_BROKEN`;
 * ChartkeyError `INPUT_TOO_LARGE`, `CANCELLED`
 */
export async function inspectImport(chosen: ImportFile, options: ImportOptions = {}): Promise<ImportPreview> {
  const { head, source } = await peeked(contentOf(chosen, options));
  if (looksLikeArchive(head)) return inspectChart(source, options.signal);
  if (!chosen.opening) {
    throw new ArchiveError('ARCHIVE_MALFORMED', 'This is neither a chart export nor an .age file.');
  }
  const { length, digest } = await measured(source);
  const name = chosen.name.replace(/\.age$/i, '');
  const metadata = { ...(await describeFile(new Blob([head]), name)), length };
  const record = { path: '', sha256: digest, metadata, compartment: 0 };
  return { kind: 'file', records: [record], damaged: [], missing: [], unlisted: 0 };
}

/**
 * The content of some of the records that {@link inspectImport} found, in the order of the file.
 * Each must be read to its end before the next is asked for. Content that changed since fails at
 * its end, so that nothing of it counts.
 *
 * @throws as {@link inspectImport}
 */
export async function* readImport(
  chosen: ImportFile,
  records: readonly ImportableRecord[],
  options: ImportOptions = {},
): AsyncGenerator<
  { readonly record: ImportableRecord; readonly content: AsyncIterable<Uint8Array> },
  void,
  undefined
> {
  const source = contentOf(chosen, options);
  const [single] = records;
  if (single?.path === '') return yield { record: single, content: verified(source, single) };
  const wanted = new Map(records.map((record) => [record.path, record]));
  if (wanted.size === 0) return;
  for await (const { path, content } of readArchive(source, options.signal)) {
    const record = wanted.get(path);
    if (!record) continue;
    yield { record, content: verified(content, record) };
    wanted.delete(path);
    if (wanted.size === 0) return;
  }
  throw changed(wanted.keys().next().value);
}

async function inspectChart(source: ByteSource, signal?: AbortSignal): Promise<ImportPreview> {
  const found = new Map<string, { readonly length: number; readonly digest: string }>();
  let manifest: { readonly root: string; readonly content: ChartManifest } | undefined;
  for await (const file of readArchive(source, signal)) {
    const root = manifestRoot(file.path);
    if (root === undefined) found.set(file.path, await measured(file.content));
    else if (manifest) throw malformed('has two manifests');
    else manifest = { root, content: parseManifest(await whole(file)) };
  }
  if (!manifest) throw malformed('has no manifest: it is no export of ours, or its end is missing');
  return compared(manifest.root, manifest.content, found);
}

/** The manifest lies at the top, or in the one folder at the top. */
function manifestRoot(path: string): string | undefined {
  if (path === MANIFEST_NAME) return '';
  const [folder, name, ...deeper] = path.split('/');
  return name === MANIFEST_NAME && deeper.length === 0 ? `${folder}/` : undefined;
}

function compared(
  root: string,
  { exportedAt, patient, records, files, missing }: ChartManifest,
  found: ReadonlyMap<string, { readonly length: number; readonly digest: string }>,
): ImportPreview {
  const whole: ImportableRecord[] = [];
  const damaged: { path: string; why: 'absent' | 'altered' }[] = [];
  const isAsWritten = (file: { readonly path: string; readonly sha256: string; readonly length: number }) => {
    const there = found.get(root + file.path);
    const same = there?.digest === file.sha256 && there.length === file.length;
    if (!same) damaged.push({ path: file.path, why: there ? 'altered' : 'absent' });
    return same;
  };
  for (const record of records) {
    const { path, sha256: digest, recordId, compartment } = record;
    if (!isAsWritten(record)) continue;
    whole.push({
      ...{ path: root + path, sha256: digest, recordId, compartment },
      metadata: metadataOf(record),
    });
  }
  for (const file of files) isAsWritten(file);
  const listed = new Set([...records, ...files, ...missing].map((file) => root + (file.path ?? '')));
  const unlisted = [...found.keys()].filter((path) => !listed.has(path)).length;
  return { kind: 'chart', exportedAt, patient, records: whole, damaged, missing, unlisted };
}

/** The bytes of the file, decrypted if it is an .age file. */
async function* contentOf(
  { file, opening }: ImportFile,
  { onProgress, signal }: ImportOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const total = file.size;
  const counted = (async function* () {
    let done = 0;
    for await (const piece of iterate(file.stream())) {
      if (signal?.aborted) throw new ChartkeyError('CANCELLED', 'Reading the file was cancelled.');
      yield piece;
      done += piece.length;
      onProgress?.({ done, total });
    }
  })();
  yield* opening ? importAge(streamOf(counted), opening) : counted;
}

/** The first bytes, and the whole source again. */
async function peeked(
  source: AsyncGenerator<Uint8Array, void, undefined>,
): Promise<{ readonly head: Uint8Array<ArrayBuffer>; readonly source: ByteSource }> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const { value, done } = await source.next();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  const head = new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
  const again = (async function* () {
    yield* pieces.splice(0);
    yield* source;
  })();
  return { head: head.slice(0, HEAD_BYTES), source: again };
}

async function measured(source: ByteSource): Promise<{ readonly length: number; readonly digest: string }> {
  const hash = sha256.create();
  let length = 0;
  for await (const piece of iterate(source)) {
    hash.update(piece);
    length += piece.length;
  }
  return { length, digest: toHex(hash.digest()).slice(2) };
}

async function* verified(
  source: ByteSource,
  record: ImportableRecord,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = sha256.create();
  for await (const piece of iterate(source)) {
    hash.update(piece);
    yield piece;
  }
  if (toHex(hash.digest()).slice(2) !== record.sha256) throw changed(record.path);
}

async function whole({ path, length, content }: ArchiveFile): Promise<Uint8Array> {
  if (length > ARCHIVE_LIMITS.manifestBytes) {
    throw new ArchiveError('INPUT_TOO_LARGE', 'The manifest is larger than one can be.', { path });
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

function malformed(what: string): ArchiveError {
  return new ArchiveError('ARCHIVE_MALFORMED', `This archive ${what}.`);
}

function changed(path: string | undefined): ArchiveError {
  return new ArchiveError('ARCHIVE_ALTERED', 'A file is not what it was when the archive was checked.', {
    ...(path !== undefined && { path }),
    advice: 'Choose the archive again.',
  });
}
