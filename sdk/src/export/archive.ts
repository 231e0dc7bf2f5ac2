import type { TarHeader } from 'modern-tar';
import { type ByteSource, iterate } from '../envelope/chunks.ts';
import { ArchiveError, ChartkeyError } from '../errors.ts';
import { ARCHIVE_LIMITS } from './chart-manifest.ts';
import { piecesOf, streamOf } from './streams.ts';

export type ArchiveFile = {
  /** Checked: relative, no step up, no character that a file system would take for something else. */
  readonly path: string;
  readonly length: number;
  /** To be read to its end before the next file is asked for; what is left of it is skipped. */
  readonly content: AsyncGenerator<Uint8Array, void, undefined>;
};

export type ArchiveWriter = {
  /** Exactly `length` bytes must be written before it is closed. */
  readonly add: (path: string, length: number) => WritableStreamDefaultWriter<Uint8Array>;
};

/**
 * A tar archive (POSIX pax) of whatever `write` adds. Memory: 8 MiB, whatever the length. A
 * failure in `write` ends the archive with it, so that nobody takes half of it for the whole.
 */
export async function* packArchive(
  modifiedAt: Date,
  write: (writer: ArchiveWriter) => Promise<void>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { createTarPacker } = await import('modern-tar');
  const { readable, controller } = createTarPacker();
  const add: ArchiveWriter['add'] = (path, size) =>
    controller.add({ name: path, size, mode: 0o600, mtime: modifiedAt }).getWriter();
  const writing = write({ add }).then(
    () => controller.finalize(),
    (error: unknown) => controller.error(error),
  );
  // Whoever stops reading makes the next write fail; nobody is left to hear of it.
  writing.catch(() => undefined);
  yield* piecesOf(readable);
}

/**
 * The files of a tar archive, in order. Anything but files and folders is refused, and so is
 * whatever a careless program would write outside the folder that it unpacks into.
 *
 * @throws ArchiveError `ARCHIVE_MALFORMED`, `ARCHIVE_TRUNCATED`, `ARCHIVE_UNSAFE_PATH`;
 * ChartkeyError `INPUT_TOO_LARGE`, `CANCELLED`; whatever the source throws
 */
export async function* readArchive(
  source: ByteSource,
  signal?: AbortSignal,
): AsyncGenerator<ArchiveFile, void, undefined> {
  const { createTarDecoder } = await import('modern-tar');
  const input = watched(source, signal);
  const files = streamOf(input.content).pipeThrough(createTarDecoder({ strict: true }));
  const seen = new Set<string>();
  let entries = 0;
  let bytes = 0;
  for await (const { header, body } of input.explained(piecesOf(files))) {
    if (++entries > ARCHIVE_LIMITS.entries) throw tooLarge('files');
    bytes += header.size;
    if (!Number.isSafeInteger(bytes) || bytes > ARCHIVE_LIMITS.bytes) throw tooLarge('bytes');
    const path = checkedPath(header, seen);
    const content = input.explained(piecesOf(body));
    if (header.type !== 'directory') yield { path, length: header.size, content };
    await content.return();
    if (!body.locked) await body.cancel();
  }
}

/** Whether this could be a tar archive: POSIX 1003.1, "ustar" at 257. */
export function looksLikeArchive(head: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(head.subarray(257, 262)) === 'ustar';
}

/** What the source throws comes out as it is; what the archive's reader throws, in words of ours. */
function watched(source: ByteSource, signal: AbortSignal | undefined) {
  let failure: { readonly error: unknown } | undefined;
  async function* content(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const piece of iterate(source)) {
        if (signal?.aborted) throw new ChartkeyError('CANCELLED', 'Reading the archive was cancelled.');
        yield piece;
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  async function* explained<T>(pieces: AsyncGenerator<T, void, undefined>) {
    try {
      yield* pieces;
    } catch (error) {
      throw failure ? failure.error : inOurWords(error);
    }
  }
  return { content: content(), explained };
}

/** Windows' device names, also with an ending. */
const DEVICE = /^(?:aux|con|nul|prn|com\d|lpt\d)(?:\.|$)/i;

function checkedPath({ name, type }: TarHeader, seen: Set<string>): string {
  const isFolder = type === 'directory';
  if (type !== 'file' && !isFolder) throw unsafe('is a link or a device', name);
  const path = name.replace(/^\.\//, '').replace(isFolder ? /\/$/ : /(?!)/, '');
  if (isFolder && (path === '' || path === '.')) return '';
  if (new TextEncoder().encode(path).length > ARCHIVE_LIMITS.pathBytes) throw unsafe('has too long a name');
  if (!path.isWellFormed() || /[\\:\p{Cc}\ufffd]/u.test(path)) {
    throw unsafe('has a character in its name that must not be there');
  }
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || part === '..' || /[ .]$/.test(part) || DEVICE.test(part)) {
      throw unsafe('would be written elsewhere than it says', name);
    }
  }
  // Two names that are one on some disk: there the second would replace the first.
  const key = `${isFolder}${path.normalize('NFC').toLowerCase()}`;
  if (seen.has(key) && !isFolder) throw unsafe('is there twice', name);
  seen.add(key);
  return path;
}

/** A name with control characters is not shown: it could pretend to be another. */
function unsafe(what: string, name?: string): ArchiveError {
  const path = name === undefined ? {} : { path: name.slice(0, ARCHIVE_LIMITS.pathBytes) };
  return new ArchiveError('ARCHIVE_UNSAFE_PATH', `A file in this archive ${what}.`, {
    ...path,
    advice: 'Nothing was read from it. No export of ours looks like this.',
  });
}

function tooLarge(what: string): ChartkeyError {
  return new ChartkeyError('INPUT_TOO_LARGE', `This archive claims more ${what} than a chart can have.`);
}

/** The library's own words may hold a file's name. */
function inOurWords(error: unknown): unknown {
  if (error instanceof ChartkeyError) return error;
  if (error instanceof Error && /truncated/i.test(error.message)) {
    return new ArchiveError('ARCHIVE_TRUNCATED', 'The end of this archive is missing.', {
      advice: 'Copy or download it again.',
    });
  }
  return new ArchiveError('ARCHIVE_MALFORMED', 'This is not an archive of a chart, or it is damaged.');
}
