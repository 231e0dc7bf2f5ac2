/* What the workers of this folder share. */

type SyncHandle = {
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  close(): void;
};

export type Query = Readonly<Record<string, string>>;

/** A file on the browser's private disk. */
export async function openPrivateFile(name: string): Promise<SyncHandle> {
  const folder = await navigator.storage.getDirectory();
  const file = await folder.getFileHandle(name, { create: true });
  // TypeScript's DOM does not know what only workers have.
  return (file as unknown as { createSyncAccessHandle(): Promise<SyncHandle> }).createSyncAccessHandle();
}

export async function privateFile(name: string): Promise<File> {
  const folder = await navigator.storage.getDirectory();
  return (await folder.getFileHandle(name)).getFile();
}

/** A private file of noise. */
export async function writeNoise(name: string, length: number): Promise<File> {
  const handle = await openPrivateFile(name);
  const piece = crypto.getRandomValues(new Uint8Array(65_536));
  for (let at = 0; at < length; at += piece.length) handle.write(piece.subarray(0, length - at), { at });
  handle.close();
  return privateFile(name);
}

/** Runs it with the page's query, and tells the page how it ended. */
export function answerWith(work: (query: Query) => Promise<unknown>): void {
  self.onmessage = ({ data }: MessageEvent<Query>) => {
    work(data).then(tell, (error: unknown) => tell({ failure: String(error) }));
  };
}

export function tell(message: unknown): void {
  postMessage(JSON.stringify(message));
}
