import type { Hex } from 'viem';

/** Bytes, or a list of items. */
export type RlpItem = Hex | readonly RlpItem[];

/** No header or node of a trie has lists that deep. */
const MAX_DEPTH = 16;
/** Lengths up to here stand in the prefix itself. */
const SHORT = 55;

/**
 * Reads RLP (Yellow Paper, appendix B) in its one canonical form: the shortest prefix, no length that
 * begins with zeros, nothing behind the item. Whoever accepted another form could be shown two texts
 * for one thing.
 *
 * @throws Error if the bytes are anything else
 */
export function decodeRlp(rlp: Hex): RlpItem {
  if (!/^0x([0-9a-f]{2})+$/i.test(rlp)) throw new Error('RLP: no whole bytes');
  const end = rlp.length;
  const { item, next } = readItem(rlp, 2, end, 0);
  if (next !== end) throw new Error('RLP: bytes behind the item');
  return item;
}

/** Places are counted in characters of the text. */
type Read = { readonly item: RlpItem; readonly next: number };

function readItem(rlp: string, at: number, end: number, depth: number): Read {
  const prefix = numberAt(rlp, at, 2, end);
  if (prefix < 0x80) return { item: `0x${rlp.slice(at, at + 2)}`, next: at + 2 };
  const isList = prefix >= 0xc0;
  const { from, next } = payloadOf(rlp, at + 2, end, prefix - (isList ? 0xc0 : 0x80));
  if (isList) return { item: readList(rlp, from, next, depth + 1), next };
  const isOwnPrefix = next - from === 2 && Number.parseInt(rlp.slice(from, next), 16) < 0x80;
  if (isOwnPrefix) throw new Error('RLP: a byte that is its own prefix has another');
  return { item: `0x${rlp.slice(from, next)}`, next };
}

function readList(rlp: string, from: number, end: number, depth: number): readonly RlpItem[] {
  if (depth > MAX_DEPTH) throw new Error('RLP: lists that deep are none of ours');
  const items: RlpItem[] = [];
  for (let at = from; at < end; ) {
    const { item, next } = readItem(rlp, at, end, depth);
    items.push(item);
    at = next;
  }
  return items;
}

/** @param size the length itself, or beyond 55 in how many bytes it stands */
function payloadOf(rlp: string, at: number, end: number, size: number): { from: number; next: number } {
  const digits = size <= SHORT ? 0 : 2 * (size - SHORT);
  const bytes = digits === 0 ? size : numberAt(rlp, at, digits, end);
  if (digits > 0 && (bytes <= SHORT || rlp.startsWith('00', at))) {
    throw new Error('RLP: a length that is not the shortest');
  }
  const from = at + digits;
  const next = from + 2 * bytes;
  if (next > end) throw new Error('RLP: an item longer than its list');
  return { from, next };
}

function numberAt(rlp: string, at: number, digits: number, end: number): number {
  if (at + digits > end) throw new Error('RLP: ends too early');
  return Number.parseInt(rlp.slice(at, at + digits), 16);
}
