import { createReadStream } from 'node:fs';
import { type FileHandle, open, truncate } from 'node:fs/promises';
import {
  followJournal,
  type JournalHead,
  journalLine,
  journalStart,
  type OpeningId,
  type RecordId,
} from '@chartkey/sdk';
import type { KeeperConfig } from './config.ts';

export type JournalRelease = { readonly openingId: OpeningId; readonly recordIds: readonly RecordId[] };

const NEWLINE = 10;

/**
 * The journal of releases: an append-only file, chained by hash. A release is on disk before it
 * is answered; lines of requests that come together are synced together.
 *
 * Warning: one file belongs to one process. Two instances of a keeper write two journals.
 */
export class Journal {
  readonly #file: FileHandle;
  #head: JournalHead;
  /** Bytes that this process knows to be in the file. */
  #size: number;
  #waiting: string[] = [];
  #flushing: Promise<void> | undefined;

  private constructor(file: FileHandle, head: JournalHead, size: number) {
    this.#file = file;
    this.#head = head;
    this.#size = size;
  }

  /** @throws IntegrityError `JOURNAL_BROKEN` if what is there is no journal of this keeper; Error if it can't be written */
  static async open(path: string, { operator, deployment }: KeeperConfig): Promise<Journal> {
    const file = await open(path, 'a', 0o600);
    try {
      const { chainId, records: recordIndex } = deployment;
      const { head, size } = await readJournal(path, journalStart({ chainId, recordIndex, operator }));
      // A line that was cut when the process died was never answered.
      if ((await file.stat()).size > size) await truncate(path, size);
      return new Journal(file, head, size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get head(): JournalHead {
    return this.#head;
  }

  /** Resolves once the release is on disk. */
  append({ openingId, recordIds }: JournalRelease): Promise<void> {
    const releasedAt = Math.floor(Date.now() / 1000);
    const { line, ...head } = journalLine(this.#head, { releasedAt, openingId, recordIds });
    this.#head = head;
    this.#waiting.push(`${line}\n`);
    return this.#flush();
  }

  async close(): Promise<void> {
    await this.#flushing?.catch(() => {});
    await this.#file.close();
  }

  /** Whoever comes while a sync is under way waits for the next one, which takes all that wait. */
  async #flush(): Promise<void> {
    while (this.#flushing) await this.#flushing;
    if (this.#waiting.length === 0) return;
    this.#flushing = this.#write(this.#waiting.splice(0).join('')).finally(() => {
      this.#flushing = undefined;
    });
    await this.#flushing;
  }

  async #write(text: string): Promise<void> {
    if ((await this.#file.stat()).size !== this.#size) throw new Error('somebody else wrote to the journal');
    const bytes = Buffer.from(text);
    await this.#file.appendFile(bytes);
    await this.#file.datasync();
    this.#size += bytes.length;
  }
}

/** The head after the last whole line, and where that line ends. */
async function readJournal(path: string, start: JournalHead): Promise<{ head: JournalHead; size: number }> {
  let head = start;
  let size = 0;
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path)) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      head = followJournal(head, rest.subarray(0, end).toString('utf8'));
      size += end + 1;
      rest = rest.subarray(end + 1);
    }
  }
  return { head, size };
}
