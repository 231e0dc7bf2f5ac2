import { createWriter, headerLength } from '@ipld/car/buffer-writer';
import { bytesReader, readHeader } from '@ipld/car/decoder';
import { varint } from 'multiformats';
import { CID } from 'multiformats/cid';
import { takeBuffer } from './buffers.ts';
import { type Block, checkCid } from './cid.ts';
import { invalid, NodeError } from './errors.ts';

/** Room for some hundred roots. */
const MAX_HEADER_BYTES = 65_536;
/** A CID that is accepted takes 36 bytes; longer ones are refused by name, not by length. */
const MAX_CID_BYTES = 128;
/** Nine bytes hold any length that the spec allows; ours fit in four. */
const MAX_VARINT_BYTES = 9;

export type CarReader = { readonly roots: readonly CID[]; readonly blocks: AsyncIterable<Block> };

/**
 * Reads CARv1 (https://ipld.io/specs/transport/car/carv1/) as it streams in. `@ipld/car`
 * believes a section's length and gathers that many bytes; here each length is checked
 * against its limit first, so that a hostile file costs no memory. Hashes are checked by the
 * block store.
 *
 * @throws NodeError `invalid` or `too-large`, also while the blocks are read
 */
export async function readCar(source: AsyncIterable<Uint8Array>, maxBlockBytes: number): Promise<CarReader> {
  const reader = new FrameReader(source);
  const header = await reader.frame(MAX_HEADER_BYTES);
  if (header === undefined) throw invalid('the CAR is empty');
  return { roots: await rootsOf(header), blocks: sections(reader, maxBlockBytes) };
}

/** Header of a CARv1 with this root. */
export function carHeader(root: CID): Uint8Array {
  const roots = [root];
  return createWriter(new ArrayBuffer(headerLength({ roots })), { roots }).close();
}

/** What stands before a block's bytes in a CAR. */
export function sectionHeader({ cid, bytes }: Block): Uint8Array {
  const length = cid.bytes.length + bytes.length;
  const size = varint.encodingLength(length);
  const header = new Uint8Array(size + cid.bytes.length);
  varint.encodeTo(length, header);
  header.set(cid.bytes, size);
  return header;
}

async function* sections(reader: FrameReader, maxBlockBytes: number): AsyncGenerator<Block> {
  for (;;) {
    const section = await reader.frame(maxBlockBytes + MAX_CID_BYTES);
    if (section === undefined) return;
    const [cid, bytes] = splitSection(section);
    yield { cid: checkCid(cid), bytes };
  }
}

function splitSection(section: Uint8Array): [CID, Uint8Array] {
  try {
    const [cid, rest] = CID.decodeFirst(section);
    return [cid, rest];
  } catch (cause) {
    throw Object.assign(invalid('a section of the CAR does not start with a CID'), { cause });
  }
}

async function rootsOf(header: Uint8Array): Promise<CID[]> {
  const framed = new Uint8Array(varint.encodingLength(header.length) + header.length);
  varint.encodeTo(header.length, framed);
  framed.set(header, framed.length - header.length);
  try {
    const { roots } = await readHeader(bytesReader(framed), 1);
    return roots;
  } catch (cause) {
    throw Object.assign(invalid('not a CARv1 header'), { cause });
  }
}

function decodeVarint(digits: readonly number[]): number {
  try {
    return varint.decode(Uint8Array.from(digits))[0];
  } catch (cause) {
    // There is one encoding of each number, the shortest.
    throw Object.assign(invalid('a length in the CAR is not a varint'), { cause });
  }
}

/** Length-prefixed frames out of pieces of any size. Holds one frame and one piece. */
class FrameReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #piece = new Uint8Array(0) as Uint8Array;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next frame; undefined at a clean end. */
  async frame(maxBytes: number): Promise<Uint8Array | undefined> {
    const length = await this.#length();
    if (length === undefined) return undefined;
    if (length === 0) throw invalid('a section of the CAR has no length');
    if (length > maxBytes)
      throw new NodeError('too-large', 'a section of the CAR is longer than a block may be');
    // Filled to its last byte, or never seen.
    const frame = takeBuffer(length);
    for (let filled = 0; filled < length; ) {
      if (!(await this.#more())) throw invalid('the CAR is cut off');
      const taken = this.#piece.subarray(0, length - filled);
      frame.set(taken, filled);
      filled += taken.length;
      this.#piece = this.#piece.subarray(taken.length);
    }
    return frame;
  }

  async #length(): Promise<number | undefined> {
    const digits: number[] = [];
    for (;;) {
      if (!(await this.#more())) {
        if (digits.length === 0) return undefined;
        throw invalid('the CAR is cut off');
      }
      const byte = this.#piece[0] ?? 0;
      this.#piece = this.#piece.subarray(1);
      digits.push(byte);
      if (byte < 0x80) return decodeVarint(digits);
      if (digits.length === MAX_VARINT_BYTES) throw invalid('a length in the CAR is not a varint');
    }
  }

  /** Sees to it that the piece is not empty; false at the end. */
  async #more(): Promise<boolean> {
    while (this.#piece.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) return false;
      this.#piece = next.value;
    }
    return true;
  }
}
