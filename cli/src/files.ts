import { openAsBlob } from 'node:fs';
import { link, open, readFile, rm, stat } from 'node:fs/promises';
import { ChartkeyError } from '@chartkey/sdk';

/** @throws ChartkeyError `INPUT_INVALID` that names the option */
export async function readText(path: string, option: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ChartkeyError('INPUT_INVALID', `--${option}: can’t be read (${codeOf(cause)}).`, { cause });
  }
}

/** A file that nobody else may read. @throws ChartkeyError `INPUT_INVALID` */
export async function readSecret(path: string, option: string): Promise<string> {
  const text = await readText(path, option);
  if (((await stat(path)).mode & 0o077) !== 0) {
    throw new ChartkeyError('INPUT_INVALID', `--${option}: others may read this file.`, {
      advice: 'Give it the mode 0600.',
    });
  }
  return text.trim();
}

export async function readJson(path: string, option: string): Promise<unknown> {
  const text = await readText(path, option);
  try {
    return JSON.parse(text);
  } catch {
    throw new ChartkeyError('INPUT_INVALID', `--${option}: is not JSON.`);
  }
}

/** Never over a file that is there: it may be the only copy of a key. @throws ChartkeyError `INPUT_INVALID` */
export async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode).catch((cause: unknown) => {
    const why = codeOf(cause) === 'EEXIST' ? 'is there already and is not written over' : 'can’t be written';
    throw new ChartkeyError('INPUT_INVALID', `${path} ${why}.`, { cause });
  });
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
}

/** A file that is read as it is needed, whatever its size. @throws ChartkeyError `INPUT_INVALID` */
export async function fileBlob(path: string, name: string): Promise<Blob> {
  try {
    if ((await stat(path)).isFile()) return await openAsBlob(path);
  } catch (cause) {
    throw new ChartkeyError('INPUT_INVALID', `${name}: can’t be read (${codeOf(cause)}).`, { cause });
  }
  throw new ChartkeyError('INPUT_INVALID', `${name}: is no file.`);
}

export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

export type Interruption = {
  /** So many bytes of an interrupted write are whole; what follows goes after them. */
  readonly goOnAt?: number | undefined;
  /** Whether what was written stays beside the file if the rest does not come. */
  readonly keepsPart?: boolean;
};

/**
 * Pieces into a new file, which is there once it is whole.
 *
 * @throws ChartkeyError `INPUT_INVALID`, `FILE_UNWRITABLE`; what `pieces` throws
 */
export async function writePieces(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  { goOnAt, keepsPart = false }: Interruption = {},
): Promise<number> {
  const part = `${path}.part`;
  const file = await open(part, goOnAt === undefined ? 'w' : 'r+', 0o600).catch((cause: unknown) => {
    throw new ChartkeyError('FILE_UNWRITABLE', `--out: can’t be written (${codeOf(cause)}).`, { cause });
  });
  let written = goOnAt ?? 0;
  let isWhole = false;
  try {
    await file.truncate(written);
    for await (const piece of pieces) {
      await file.write(piece, 0, piece.length, written);
      written += piece.length;
    }
    await file.sync();
    isWhole = true;
    // Unlike a rename, a link is never made over a file that is there.
    await link(part, path).catch((cause: unknown) => {
      throw new ChartkeyError('INPUT_INVALID', '--out: is there already and is not written over.', { cause });
    });
  } finally {
    await file.close();
    if (isWhole || !keepsPart || written === 0) await rm(part, { force: true });
  }
  return written;
}
