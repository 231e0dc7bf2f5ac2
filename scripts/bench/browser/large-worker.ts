import { prepareLarge, runLarge } from '../workload/large.ts';

/* A sparse file on the browser's private disk, sealed and opened in one pass. */

type SyncHandle = { truncate(size: number): void; close(): void };

self.onmessage = ({ data: bytes }: MessageEvent<number>) => {
  run(bytes).then(post, (error: unknown) => post({ failure: String(error) }));
};

async function run(bytes: number): Promise<unknown> {
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle('large', { create: true });
  // TypeScript's DOM does not know what only workers have.
  const file = await (
    handle as unknown as { createSyncAccessHandle(): Promise<SyncHandle> }
  ).createSyncAccessHandle();
  file.truncate(bytes);
  file.close();
  // What the code itself takes is there before the baseline is read.
  await runLarge(await prepareLarge(1_000_000), new Blob([new Uint8Array(1_000_000)]));
  const sample = await prepareLarge(bytes);
  post({ ready: true });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return runLarge(sample, await handle.getFile());
}

function post(message: unknown): void {
  postMessage(JSON.stringify(message));
}
