import { createWriter, headerLength } from '@ipld/car/buffer-writer';
import { varint } from 'multiformats';
import { type Block, type Bytes, owned } from './dag.ts';

/** Bytes of blocks in a part. Larger ones are no faster, and a browser holds several copies of each. */
const PART_BYTES = 4 * 1_048_576;
/** A CID and the length before it. */
const MAX_SECTION_HEAD_BYTES = 48;
/** For the heads of a part's leaves and nodes, and for what stands around the CAR. */
const FRAMING_BYTES = 128 * MAX_SECTION_HEAD_BYTES;

/** A CARv1 file, as it is and as a form with one file. Valid until its buffer is filled anew. */
export type Part = {
  readonly car: Bytes;
  /** RFC 7578, with the type that its request has to name. */
  readonly form: { readonly bytes: Bytes; readonly type: string };
  readonly blockCount: number;
};

/**
 * Blocks are copied into a place that is used again and again, with all that stands around them.
 * Memory that is new each time costs more than the copy, and Blobs, which browsers keep outside
 * the heap, would pile up there: no garbage collector sees how large they are.
 */
export class PartBuffer {
  readonly #bytes: Bytes;
  readonly #type: string;
  readonly #tail: Bytes;
  readonly #carAt: number;
  #filled: number;
  #blocks = 0;

  constructor(capacity = PART_BYTES) {
    const boundary = `chartkey-${randomHex()}`;
    const head = text(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="part.car"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    );
    this.#type = `multipart/form-data; boundary=${boundary}`;
    this.#tail = text(`\r\n--${boundary}--\r\n`);
    this.#bytes = new Uint8Array(capacity + FRAMING_BYTES);
    this.#bytes.set(head);
    this.#carAt = head.length;
    this.#filled = head.length;
  }

  get isEmpty(): boolean {
    return this.#blocks === 0;
  }

  hasRoomFor({ bytes }: Block): boolean {
    const end = this.#filled + MAX_SECTION_HEAD_BYTES + bytes.length;
    return end + this.#tail.length <= this.#bytes.length;
  }

  add({ cid, bytes }: Block): void {
    // The format wants a root; what is pinned is said later, so any block of the part will do.
    if (this.isEmpty) this.#put(headerOf(cid));
    const length = cid.bytes.length + bytes.length;
    varint.encodeTo(length, this.#bytes, this.#filled);
    this.#filled += varint.encodingLength(length);
    this.#put(cid.bytes);
    this.#put(bytes);
    this.#blocks += 1;
  }

  /** What was added. The next `add` begins another part in the same place. */
  take(): Part {
    const car = this.#bytes.subarray(this.#carAt, this.#filled);
    const blockCount = this.#blocks;
    this.#put(this.#tail);
    const form = { bytes: this.#bytes.subarray(0, this.#filled), type: this.#type };
    this.#filled = this.#carAt;
    this.#blocks = 0;
    return { car, form, blockCount };
  }

  #put(piece: Uint8Array): void {
    this.#bytes.set(piece, this.#filled);
    this.#filled += piece.length;
  }
}

/** A part of one block. */
export function partOf(block: Block): Part {
  const part = new PartBuffer(block.bytes.length);
  part.add(block);
  return part.take();
}

function headerOf(cid: Block['cid']): Bytes {
  const roots = [cid];
  return owned(createWriter(new ArrayBuffer(headerLength({ roots })), { roots }).close());
}

function randomHex(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function text(value: string): Bytes {
  return owned(new TextEncoder().encode(value));
}
