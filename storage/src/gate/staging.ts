import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type CarReader, carHeader, readCar, sectionHeader } from '../car.ts';
import { matches } from '../cid.ts';
import { asNodeError, codeOf, invalid, NodeError } from '../errors.ts';
import type { Part } from './ledger-uploads.ts';

export type Staging = {
  /**
   * Writes the blocks of a CAR that are new, each as it is verified. They are there whole and
   * synced, and count once `take` says yes; otherwise nothing of it stays.
   */
  write(upload: string, source: AsyncIterable<Uint8Array>, part: PartRules): Promise<Part>;
  read(upload: string): AsyncGenerator<AsyncIterable<Uint8Array>>;
  remove(upload: string): Promise<void>;
  list(): Promise<string[]>;
};

export type PartRules = {
  readonly isStaged: (cid: string) => Promise<boolean>;
  readonly take: (part: Part) => Promise<void>;
};

/** Parts wait here until their upload is committed: a daemon never sees half a record. */
export function openStaging(dir: string, limits: StagingLimits): Staging {
  const folderOf = (upload: string) => join(dir, 'uploads', upload);
  return {
    async write(upload, source, rules) {
      const folder = folderOf(upload);
      await mkdir(folder, { recursive: true });
      const { bavail, bsize } = await statfs(folder);
      if (bavail * bsize < limits.minFreeBytes)
        throw new NodeError('full', 'no space left: less than the reserve');
      const name = randomUUID();
      const temporary = join(folder, `${name}.tmp`);
      const kept = join(folder, `${name}.car`);
      try {
        const part = await writePart(temporary, await readCar(source, limits.maxBlockBytes), rules);
        if (part.length > 0) await rename(temporary, kept);
        await rules.take(part);
        return part;
      } catch (error) {
        await rm(kept, { force: true });
        throw asNodeError(error);
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async *read(upload) {
      const names = await readdir(folderOf(upload)).catch(() => []);
      for (const name of names.filter((one) => one.endsWith('.car')).sort()) {
        yield createReadStream(join(folderOf(upload), name));
      }
    },
    remove: (upload) => rm(folderOf(upload), { recursive: true, force: true }),
    list: async () => {
      try {
        return await readdir(join(dir, 'uploads'));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return [];
        throw error;
      }
    },
  };
}

export type StagingLimits = { readonly maxBlockBytes: number; readonly minFreeBytes: number };

async function writePart(path: string, { roots, blocks }: CarReader, { isStaged }: PartRules): Promise<Part> {
  const [root] = roots;
  if (root === undefined) throw invalid('the CAR names no root');
  const part: [string, number][] = [];
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(carHeader(root));
    for await (const block of blocks) {
      if (!matches(block.cid, block.bytes)) throw invalid('block bytes do not hash to their CID');
      const cid = block.cid.toString();
      // Sent again after a broken line: once on the disk is enough.
      if (await isStaged(cid)) continue;
      await handle.writeFile(Buffer.concat([sectionHeader(block), block.bytes]));
      part.push([cid, block.bytes.length]);
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return part;
}
