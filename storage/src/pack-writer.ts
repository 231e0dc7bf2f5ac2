import { type FileHandle, open } from 'node:fs/promises';
import type { CID } from 'multiformats/cid';
import type { Placed } from './block-index.ts';
import { carHeader, sectionHeader } from './car.ts';
import { cidOf, RAW } from './cid.ts';

/** A new pack begins beyond this; the full one is synced in the meantime. */
const PACK_BYTES = 16 * 1_048_576;
/** Gathered for one write. */
const WRITE_BYTES = 1_048_576;
/** Writes under way while the next is gathered: the disk's thread never waits for this one. */
const WRITES_AT_ONCE = 3;
/** Full packs that are being synced while the next one is filled. */
const SYNCING_AT_ONCE = 2;

/** Whatever its root is: all CIDs here have 36 bytes. */
export const PACK_HEADER_BYTES = carHeader(cidOf(RAW, new Uint8Array(32))).length;

export type PackFiles = {
  /** A number that nobody had, and its file. */
  take(): { readonly pack: number; readonly path: string };
  /** The pack is finished, or gone. */
  release(pack: number): void;
  remove(pack: number): Promise<void>;
  /** Makes names durable. */
  sync(): Promise<void>;
};

type Pack = { readonly number: number; readonly handle: FileHandle; bytes: number };

export type Appended = {
  readonly cid: CID;
  readonly digest: Uint8Array;
  readonly bytes: Uint8Array;
  readonly onWritten?: (() => void) | undefined;
};

/** Appends blocks to packs of its own, one call at a time. Nothing counts before `finish` returned. */
export class PackWriter {
  readonly #files: PackFiles;
  readonly #packs: number[] = [];
  readonly #placed: Placed[] = [];
  readonly #syncing = new Set<Promise<void>>();
  #failed: { cause: unknown } | undefined;
  #pack: Pack | undefined;
  #pieces: Uint8Array[] = [];
  #onWritten: (() => void)[] = [];
  #waiting = 0;
  readonly #writing = new Set<Promise<void>>();

  constructor(files: PackFiles) {
    this.#files = files;
  }

  /** Waits while too much is under way. `bytes` must not be altered before `onWritten`. */
  async append({ cid, digest, bytes, onWritten }: Appended): Promise<void> {
    await this.#section(digest, sectionHeader({ cid, bytes }), bytes);
    if (onWritten !== undefined) this.#onWritten.push(onWritten);
  }

  /** A section that lay in another pack, as it is. */
  async appendSection(digest: Uint8Array, section: Uint8Array, head: number): Promise<void> {
    await this.#section(digest, section.subarray(0, head), section.subarray(head));
  }

  /** All of it is on the disk, names too. */
  async finish(): Promise<readonly Placed[]> {
    if (this.#pack !== undefined) await this.#seal(this.#pack);
    await Promise.all(this.#syncing);
    this.#throwIfFailed();
    if (this.#packs.length > 0) await this.#files.sync();
    return this.#placed;
  }

  /** After the index took over what was written, or `discard`ed it. */
  async close({ discard }: { readonly discard: boolean }): Promise<void> {
    await Promise.all(this.#writing);
    await Promise.all(this.#syncing);
    await this.#pack?.handle.close();
    this.#pack = undefined;
    for (const pack of this.#packs) {
      if (discard) await this.#files.remove(pack);
      this.#files.release(pack);
    }
  }

  async #section(digest: Uint8Array, head: Uint8Array, bytes: Uint8Array): Promise<void> {
    this.#throwIfFailed();
    if (this.#pack !== undefined && this.#pack.bytes >= PACK_BYTES) await this.#seal(this.#pack);
    else if (this.#pack !== undefined && this.#waiting >= WRITE_BYTES) await this.#write(this.#pack);
    const pack = this.#pack ?? (await this.#begin(digest));
    const offset = pack.bytes + head.length;
    this.#placed.push({ digest, pack: pack.number, offset, length: bytes.length, head: head.length });
    this.#gather(pack, head, bytes);
  }

  async #begin(digest: Uint8Array): Promise<Pack> {
    const { pack, path } = this.#files.take();
    this.#packs.push(pack);
    this.#pack = { number: pack, handle: await open(path, 'wx', 0o600), bytes: 0 };
    // The format wants a root; no other meaning is in it.
    this.#gather(this.#pack, carHeader(cidOf(RAW, digest)));
    return this.#pack;
  }

  #gather(pack: Pack, ...pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      this.#pieces.push(piece);
      this.#waiting += piece.length;
      pack.bytes += piece.length;
    }
  }

  async #write({ handle, bytes }: Pack): Promise<void> {
    while (this.#writing.size >= WRITES_AT_ONCE) await Promise.race(this.#writing);
    this.#throwIfFailed();
    const pieces = this.#pieces;
    const onWritten = this.#onWritten;
    const position = bytes - this.#waiting;
    this.#pieces = [];
    this.#onWritten = [];
    this.#waiting = 0;
    const writing = writeAll(handle, pieces, position)
      .then(
        () => onWritten.forEach((tell) => void tell()),
        (cause: unknown) => {
          this.#failed ??= { cause };
        },
      )
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  async #seal(pack: Pack): Promise<void> {
    await this.#write(pack);
    this.#pack = undefined;
    const synced = this.#sync(pack, [...this.#writing]).finally(() => this.#syncing.delete(synced));
    this.#syncing.add(synced);
    while (this.#syncing.size > SYNCING_AT_ONCE) await Promise.race(this.#syncing);
  }

  async #sync({ handle }: Pack, writing: readonly Promise<void>[]): Promise<void> {
    try {
      await Promise.all(writing);
      await handle.datasync();
    } catch (cause) {
      this.#failed ??= { cause };
    } finally {
      await handle.close();
    }
  }

  #throwIfFailed(): void {
    if (this.#failed !== undefined) throw this.#failed.cause;
  }
}

async function writeAll(handle: FileHandle, pieces: Uint8Array[], position: number): Promise<void> {
  const { bytesWritten } = await handle.writev(pieces, position);
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (bytesWritten === length) return;
  // A disk that fills up takes a part; the next write says why.
  const rest = Buffer.concat(pieces).subarray(bytesWritten);
  for (let done = 0; done < rest.length; ) {
    done += (await handle.write(rest, done, rest.length - done, position + bytesWritten + done)).bytesWritten;
  }
}
