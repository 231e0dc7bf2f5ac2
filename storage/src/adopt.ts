import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cidOf, RAW } from './cid.ts';
import type { Kept } from './collect.ts';
import { codeOf, NodeError } from './errors.ts';

/** Files of one batch: about a pack of full leaves. */
const FILES_AT_ONCE = 64;

/**
 * Brings blocks into packs that the first version kept in files of their own
 * (`blocks/<2 hex>/<64 hex>`), and removes those once the index lists them. Interrupted, it
 * goes on at the next start.
 */
export async function adoptFiles(dir: string, kept: Pick<Kept, 'blocks' | 'holds'>): Promise<void> {
  const root = join(dir, 'blocks');
  const files = await filesIn(root);
  for (let at = 0; at < files.length; at += FILES_AT_ONCE) {
    await adopt(files.slice(at, at + FILES_AT_ONCE), kept);
  }
  await rm(root, { recursive: true, force: true });
  await rm(join(dir, 'tmp'), { recursive: true, force: true });
}

async function adopt(
  files: readonly string[],
  { blocks, holds }: Pick<Kept, 'blocks' | 'holds'>,
): Promise<void> {
  const hold = holds.open();
  const batch = blocks.batch(hold);
  try {
    for (const file of files) await bring(file, batch.put.bind(batch));
    await batch.commit();
  } finally {
    await batch.close();
    hold.close();
  }
  for (const file of files) await rm(file);
}

async function bring(file: string, put: (cid: ReturnType<typeof cidOf>, bytes: Uint8Array) => Promise<void>) {
  const digest = Buffer.from(file.slice(-64), 'hex');
  try {
    await put(cidOf(RAW, digest), await readFile(file));
  } catch (error) {
    if (!(error instanceof NodeError) || error.fault !== 'invalid') throw error;
    // It was refused at each reading before; now it is missing, and can be brought again.
    console.error('storage: a block that had rotted was left behind');
  }
}

const NAME = /^[0-9a-f]{64}$/;

async function filesIn(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && NAME.test(entry.name));
    return files.map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
