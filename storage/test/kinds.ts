import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { base32upper } from 'multiformats/bases/base32';
import { onTestFinished } from 'vitest';
import { hasKubo, startKubo } from '../../scripts/lib/kubo.ts';
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
