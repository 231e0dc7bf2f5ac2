/*
 * Memory that is given back. Each body goes through buffers of the same sizes; left to the
 * garbage collector, it would run for every 30 MB that come in.
 */

/** A leaf of 256 KiB with the CID that stands before it in a CAR. */
const CAPACITY = 262_144 + 128;
/** 8 MiB: what a busy node keeps at hand. */
const MAX_FREE = 32;

const free: ArrayBuffer[] = [];

/** Bytes whose content is arbitrary. Whoever has the only reference may {@link giveBack} them. */
export function takeBuffer(length: number): Buffer<ArrayBuffer> {
  if (length > CAPACITY || length < CAPACITY / 2) return Buffer.allocUnsafeSlow(length);
  return Buffer.from(free.pop() ?? new ArrayBuffer(CAPACITY), 0, length);
}

/** Warning: nobody may read these bytes, or a view of the same buffer, any more. */
export function giveBack({ buffer }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== CAPACITY) return;
  if (free.length < MAX_FREE) free.push(buffer);
}

/** Frees the memory of a piece that fills its buffer alone. Warning: as {@link giveBack}. */
export function drop({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
