import { type FileHandle, open } from 'node:fs/promises';
import {
  ChartkeyError,
  encodeHandoverEntry,
  encodeHandoverHeader,
  HANDOVER_ENTRY_LENGTH,
  HANDOVER_HEADER_LENGTH,
  type HandoverEntry,
  type HandoverHeader,
  parseHandoverEntry,
  parseHandoverHeader,
} from '@chartkey/sdk';
import { bytesToHex } from 'viem';

/** A file of shares that are being handed over: entries are added at its end, and it can be taken up again. */
export class HandoverFile {
  readonly #file: FileHandle;
  readonly #done: Set<string>;

  private constructor(file: FileHandle, done: Set<string>) {
    this.#file = file;
    this.#done = done;
  }

  /** @throws ChartkeyError `INPUT_INVALID` if the file is of another handover */
  static async resume(path: string, header: HandoverHeader): Promise<HandoverFile> {
    const wanted = encodeHandoverHeader(header);
    const file = await open(path, 'a+', 0o600);
    try {
      const { size } = await file.stat();
      if (size === 0) await file.appendFile(wanted);
      else if (bytesToHex(await readAt(file, 0, HANDOVER_HEADER_LENGTH)) !== bytesToHex(wanted)) {
        throw new ChartkeyError('INPUT_INVALID', `${path} is the file of another handover.`);
      }
      // An entry that was cut when an earlier run ended is written anew.
      const whole = Math.max(0, Math.floor((size - HANDOVER_HEADER_LENGTH) / HANDOVER_ENTRY_LENGTH));
      await file.truncate(HANDOVER_HEADER_LENGTH + whole * HANDOVER_ENTRY_LENGTH);
      const done = new Set<string>();
      for await (const { envelopeDigest } of entriesOf(file)) done.add(envelopeDigest);
      return new HandoverFile(file, done);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  has(envelopeDigest: string): boolean {
    return this.#done.has(envelopeDigest);
  }

  async add(entries: readonly HandoverEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await this.#file.appendFile(Buffer.concat(entries.map(encodeHandoverEntry)));
    await this.#file.datasync();
    for (const { envelopeDigest } of entries) this.#done.add(envelopeDigest);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** @throws EnvelopeError for what is no such file */
export async function readHandover(
  path: string,
): Promise<{ readonly header: HandoverHeader; readonly entries: readonly HandoverEntry[] }> {
  const file = await open(path, 'r');
  try {
    const header = parseHandoverHeader(await readAt(file, 0, HANDOVER_HEADER_LENGTH));
    const entries: HandoverEntry[] = [];
    for await (const entry of entriesOf(file)) entries.push(entry);
    return { header, entries };
  } finally {
    await file.close();
  }
}

async function* entriesOf(file: FileHandle): AsyncGenerator<HandoverEntry, void, undefined> {
  for (let at = HANDOVER_HEADER_LENGTH; ; at += HANDOVER_ENTRY_LENGTH) {
    const bytes = await readAt(file, at, HANDOVER_ENTRY_LENGTH);
    if (bytes.length < HANDOVER_ENTRY_LENGTH) return;
    yield parseHandoverEntry(bytes);
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
