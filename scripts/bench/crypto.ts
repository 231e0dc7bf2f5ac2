import { randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../../test/browser/support/chromium.ts';
import type { BenchArea, BenchResult } from './area.ts';
import { figuresOf } from './browser/chromium.ts';
import { runCrypto } from './workload/crypto.ts';
import { FILE_BYTES } from './workload/files.ts';

const BROWSER_TIMEOUT_MS = 400_000;

/** The same work in Node and, if there is one, in Chromium. */
export const bench: BenchArea['bench'] = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'chartkey-crypto-'));
  try {
    const inNode = await runInNode(dir);
    const chromium = findChromium();
    if (!chromium) return inNode;
    const run = { dir, query: { work: 'crypto' }, timeoutMs: BROWSER_TIMEOUT_MS } as const;
    return [...inNode, ...(await figuresOf(chromium, run))];
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
};

async function runInNode(dir: string): Promise<BenchResult[]> {
  const source = join(dir, 'source');
  await writeFile(source, randomBytes(FILE_BYTES));
  const sealed = join(dir, 'sealed');
  const openSink = async () => {
    const target = await open(sealed, 'w');
    return { write: (bytes: Uint8Array) => target.write(bytes), close: () => target.close() };
  };
  const clearSink = () => rm(sealed, { force: true });
  return runCrypto('node', { file: await openAsBlob(source), openSink, clearSink });
}
