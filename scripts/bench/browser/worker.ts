import { runCrypto } from '../workload/crypto.ts';
import { FILE_BYTES } from '../workload/files.ts';

/* A real file on the browser's private disk in, another one out. */

type SyncHandle = {
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
};

async function openFile(name: string): Promise<SyncHandle> {
  const folder = await navigator.storage.getDirectory();
  const file = await folder.getFileHandle(name, { create: true });
  // TypeScript's DOM does not know what only workers have.
  return (file as unknown as { createSyncAccessHandle(): Promise<SyncHandle> }).createSyncAccessHandle();
}

async function writeSource(): Promise<Blob> {
  const handle = await openFile('source');
  const piece = crypto.getRandomValues(new Uint8Array(65_536));
  for (let at = 0; at < FILE_BYTES; at += piece.length) handle.write(piece, { at });
  handle.close();
  const folder = await navigator.storage.getDirectory();
  return (await folder.getFileHandle('source')).getFile();
}

async function run(): Promise<unknown> {
  const openSink = async () => {
    const handle = await openFile('sealed');
    let at = 0;
    return {
      write: (bytes: Uint8Array) => {
        at += handle.write(bytes, { at });
      },
      close: () => handle.close(),
    };
  };
  const clearSink = async () => {
    const folder = await navigator.storage.getDirectory();
    for await (const name of folder.keys()) if (name === 'sealed') await folder.removeEntry(name);
  };
  return runCrypto('chromium', { file: await writeSource(), openSink, clearSink });
}

run().then(
  (results) => postMessage(JSON.stringify({ results })),
  (error: unknown) => postMessage(JSON.stringify({ failure: String(error) })),
);
