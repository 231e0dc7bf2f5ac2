import { generateContentKey, prepareBody } from '../../../sdk/src/envelope/index.ts';
import { makeSample } from '../../../sdk/src/envelope/testing.ts';
import { createStorageClient, uploadBody } from '../../../sdk/src/storage/index.ts';
import { summarize } from '../area.ts';

/* A file from the browser's private disk, encrypted and stored. */

const BYTES = 500_000_000;
const RUNS = 3;

type SyncHandle = { write(bytes: Uint8Array, options: { readonly at: number }): number; close(): void };

async function writeSource(): Promise<Blob> {
  const folder = await navigator.storage.getDirectory();
  const file = await folder.getFileHandle('source', { create: true });
  // TypeScript's DOM does not know what only workers have.
  const sync = file as unknown as { createSyncAccessHandle(): Promise<SyncHandle> };
  const handle = await sync.createSyncAccessHandle();
  const piece = crypto.getRandomValues(new Uint8Array(65_536));
  for (let at = 0; at < BYTES; at += piece.length) handle.write(piece.subarray(0, BYTES - at), { at });
  handle.close();
  return file.getFile();
}

async function run(): Promise<unknown> {
  const { VITE_STORAGE_URL: url } = (import.meta as unknown as { env: Record<string, string> }).env;
  const storage = createStorageClient({ nodes: [{ rpcUrl: url ?? '', gatewayUrl: url ?? '' }] });
  const source = await writeSource();
  const { binding } = await makeSample();
  const speeds: number[] = [];
  for (let round = 0; round <= RUNS; round++) {
    const start = performance.now();
    const { encrypt } = prepareBody({ contentKey: generateContentKey(), binding, length: BYTES });
    await uploadBody(storage, { segments: encrypt({ source }) });
    if (round > 0) speeds.push(BYTES / 1_000 / (performance.now() - start));
  }
  return [summarize('browser-upload', 'MB/s', speeds, 'chromium')];
}

run().then(
  (results) => postMessage(JSON.stringify({ results })),
  (error: unknown) => postMessage(JSON.stringify({ failure: String(error) })),
);
