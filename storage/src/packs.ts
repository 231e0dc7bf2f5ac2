import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place } from './block-index.ts';
import { codeOf } from './errors.ts';
import { PackWriter } from './pack-writer.ts';

/** Bytes of SHA-256, with which the head of a section ends. */
const DIGEST_BYTES = 32;

/**
 * Files of blocks, one after the other: each is a CARv1 that any IPFS tool reads. A pack is
 * written once, by one request, and counts from when the index lists what is in it.
 */
export type Packs = {
  /** Packs that were finished or are being written are the caller's to list or to remove. */
  writer(): PackWriter;
  /** The bytes, unverified; undefined when this place does not hold this block. */
  read(place: Place, digest: Uint8Array): Promise<Buffer<ArrayBuffer> | undefined>;
  /** A section as it is, with its head; undefined when the pack is shorter. */
  readSection(place: Place): Promise<Buffer | undefined>;
  /** Those that nobody is writing, with their lengths in bytes. */
  list(): AsyncGenerator<{ readonly pack: number; readonly bytes: number }>;
  remove(pack: number): Promise<void>;
};

/** Removes what no row of the index stands for: it was never acknowledged. */
export async function openPacks(dir: string, listed: ReadonlySet<number>): Promise<Packs> {
  await mkdir(dir, { recursive: true });
  await syncFolder(join(dir, '..'));
  let last = Math.max(0, ...listed);
  for (const pack of await numbersIn(dir)) {
    last = Math.max(last, pack);
    if (!listed.has(pack)) await rm(fileOf(dir, pack));
  }
  const writing = new Set<number>();
  const files = {
    take: () => {
      last += 1;
      writing.add(last);
      return { pack: last, path: fileOf(dir, last) };
    },
    release: (pack: number) => void writing.delete(pack),
    remove: (pack: number) => rm(fileOf(dir, pack), { force: true }),
    sync: () => syncFolder(dir),
  };
  return {
    writer: () => new PackWriter(files),
    async read({ pack, offset, length }, digest) {
      const bytes = await readAt(fileOf(dir, pack), offset - DIGEST_BYTES, DIGEST_BYTES + length);
      if (bytes === undefined || bytes.compare(digest, 0, DIGEST_BYTES, 0, DIGEST_BYTES) !== 0)
        return undefined;
      return bytes.subarray(DIGEST_BYTES);
    },
    readSection: ({ pack, offset, length, head }) => readAt(fileOf(dir, pack), offset - head, head + length),
    async *list() {
      for (const pack of await numbersIn(dir)) {
        if (writing.has(pack)) continue;
        const bytes = await sizeOf(fileOf(dir, pack));
        if (bytes !== undefined) yield { pack, bytes };
      }
    },
    remove: files.remove,
  };
}

const NAME = /^(\d+)\.car$/;

function fileOf(dir: string, pack: number): string {
  return join(dir, `${pack}.car`);
}

async function numbersIn(dir: string): Promise<number[]> {
  const names = await readdir(dir);
  return names.flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined when there is no such file, or less of it. */
async function readAt(file: string, position: number, length: number) {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    // Not from Node's pool: slices of it would keep all of it alive.
    const bytes = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await handle.read(bytes, 0, length, position);
    return bytesRead === length ? bytes : undefined;
  } finally {
    await handle.close();
  }
}

/** A file is there after a power cut only once its folder was synced. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
