import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { base32upper } from 'multiformats/bases/base32';
import type { CID } from 'multiformats/cid';
import { onTestFinished } from 'vitest';
import { hasKubo, startKubo } from '../../scripts/lib/kubo.ts';
import { flipBit, loseBlock } from './packs.ts';
import { startNode, temporaryFolder } from './support.ts';

/** What a test of the interface runs on. */
export type Kind = 'embedded' | 'kubo';

export type TestNode = {
  readonly rpcUrl: string;
  readonly gatewayUrl: string;
  readonly dir: string;
  readonly close: () => Promise<void>;
};

/** Both, where the pinned Kubo was built (`npm run kubo`); otherwise it is said what is left out. */
export const KINDS: readonly Kind[] = hasKubo() ? ['embedded', 'kubo'] : ['embedded'];
if (!hasKubo()) console.warn('LEFT OUT: everything against real Kubo daemons (there is none: npm run kubo)');

/** A node of its own for one test, gone when it ends. */
export async function startNodeOf(kind: Kind): Promise<TestNode> {
  if (kind === 'embedded') {
    const { url, dir, close } = await startNode();
    return { rpcUrl: url, gatewayUrl: url, dir, close };
  }
  const dir = join(await temporaryFolder(), 'kubo');
  const { service, ...urls } = await startKubo({ dir });
  onTestFinished(async () => {
    await service.close();
    await rm(dir, { recursive: true, force: true });
  });
  return { ...urls, close: service.close };
}

/** Where Kubo keeps the block of a SHA-256: flatfs, next-to-last/2. */
export function fileInKubo(dir: string, digest: Uint8Array): string {
  const name = base32upper.baseEncode(new Uint8Array([0x12, 32, ...digest]));
  return join(dir, 'blocks', name.slice(-3, -1), `${name}.data`);
}

/** A disk that lost a block. */
export async function lose({ dir }: TestNode, kind: Kind, cid: CID): Promise<void> {
  if (kind === 'kubo') await rm(fileInKubo(dir, cid.multihash.digest));
  else await loseBlock(dir, cid);
}

/** A disk on which a bit of a block turned. */
export async function rot({ dir }: TestNode, kind: Kind, cid: CID): Promise<void> {
  if (kind === 'kubo') await turnBit(fileInKubo(dir, cid.multihash.digest));
  else await flipBit(dir, cid);
}

async function turnBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  const at = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await writeFile(file, bytes);
}
