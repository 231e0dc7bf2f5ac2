import type { Address, Hex } from 'viem';
import { ChartkeyError } from '../errors.ts';

/** Bytes on memory of their own: what WebCrypto takes without complaint. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Views `input` as {@link Bytes}; copies only if it lies in shared memory. */
export function asBytes(input: Uint8Array): Bytes {
  return input.buffer instanceof ArrayBuffer ? (input as Bytes) : new Uint8Array(input);
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

export function uint(value: number | bigint, width: 1 | 2 | 4 | 8): Bytes {
  const out = new Uint8Array(width);
  const view = new DataView(out.buffer);
  if (width === 8) view.setBigUint64(0, BigInt(value));
  else if (width === 4) view.setUint32(0, Number(value));
  else if (width === 2) view.setUint16(0, Number(value));
  else view.setUint8(0, Number(value));
  return out;
}

/** Compares without an early exit, so that time tells nothing about where two tags differ. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

export function isZero(input: Uint8Array): boolean {
  return input.every((byte) => byte === 0);
}

/** Lower-case hex with `0x`. */
export function toHex(input: Uint8Array): Hex {
  let text = '0x';
  for (const byte of input) text += byte.toString(16).padStart(2, '0');
  return text as Hex;
}

/** Reads `0x…` of exactly `length` bytes; `what` names the field in the error, never its value. */
export function fromHex(text: string, length: number, what: string): Bytes {
  if (text.length !== 2 + 2 * length || !/^0x[0-9a-fA-F]*$/.test(text)) {
    throw new ChartkeyError('INPUT_INVALID', `${what} must be 0x and ${2 * length} hex digits.`);
  }
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) out[i] = Number.parseInt(text.slice(2 + 2 * i, 4 + 2 * i), 16);
  return out;
}

export function addressBytes(address: Address, what: string): Bytes {
  return fromHex(address, 20, what);
}

/** Fails with `INPUT_INVALID` unless `input` has exactly `length` bytes. */
export function requireLength(input: Uint8Array, length: number, what: string): void {
  if (input.length !== length) {
    throw new ChartkeyError('INPUT_INVALID', `${what} must have ${length} bytes.`);
  }
}
