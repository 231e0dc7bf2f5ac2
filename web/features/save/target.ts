'use client';

import { ChartkeyError } from '@chartkey/sdk';

type Picker = (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>;

function picker(): Picker | undefined {
  return (window as unknown as { showSaveFilePicker?: Picker }).showSaveFilePicker?.bind(window);
}

/** Whether a download can go straight to the disk; otherwise the browser holds all of it first. */
export function writesToDisk(): boolean {
  return typeof window !== 'undefined' && picker() !== undefined;
}

/**
 * Asks where a download goes. Must be called in a click.
 *
 * @returns undefined where the browser can't ask: then {@link saveBlob} is the way.
 * @throws ChartkeyError `CANCELLED`, `FILE_UNWRITABLE`
 */
export async function chooseTarget(name: string): Promise<FileSystemFileHandle | undefined> {
  const ask = picker();
  if (!ask) return undefined;
  try {
    return await ask({ suggestedName: name });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') {
      throw new ChartkeyError('CANCELLED', 'No place was chosen.', { retryable: true, cause });
    }
    throw new ChartkeyError('FILE_UNWRITABLE', 'The browser does not write there.', {
      retryable: true,
      advice: 'Choose another place.',
      cause,
    });
  }
}

/** Hands finished bytes to the browser's downloads. */
export function saveBlob(blob: Blob, name: string): void {
  // Never a type that a browser would show as a page of this origin.
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; it keeps the bytes itself.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
