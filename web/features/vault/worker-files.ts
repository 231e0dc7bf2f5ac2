import { ChartkeyError } from '@chartkey/sdk';

/** What a Blob is put together from: large enough that there are few, small enough to hold two. */
const PART_BYTES = 8 * 1_048_576;

/**
 * Writes a download where the person chose, or collects it into a Blob where the browser has no
 * way to. Nothing is left behind when it fails: the browser shows a file only after it is closed.
 *
 * @throws ChartkeyError `FILE_UNWRITABLE`; whatever the source throws
 */
export async function writeOut(
  pieces: AsyncIterable<Uint8Array>,
  target: FileSystemFileHandle | undefined,
): Promise<Blob | undefined> {
  if (!target) return collected(pieces);
  const file = await writing(() => target.createWritable());
  try {
    for await (const piece of pieces) {
      await writing(() => file.write(piece as Uint8Array<ArrayBuffer>));
    }
    await writing(() => file.close());
  } catch (error) {
    await file.abort().catch(() => undefined);
    throw error;
  }
  return undefined;
}

async function writing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new ChartkeyError('FILE_UNWRITABLE', 'The file could not be written.', {
      retryable: true,
      advice: 'Look whether there is room on the disk, and choose where to save it again.',
      cause,
    });
  }
}

/** Part by part, as a browser may move finished Blobs to its disk. */
export async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Blob> {
  const parts: Blob[] = [];
  let open: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    open.push(piece as Uint8Array<ArrayBuffer>);
    bytes += piece.length;
    if (bytes < PART_BYTES) continue;
    parts.push(new Blob(open));
    open = [];
    bytes = 0;
  }
  return new Blob([...parts, ...open]);
}
