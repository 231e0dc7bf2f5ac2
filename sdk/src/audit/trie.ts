import { type Hex, keccak256 } from 'viem';
import { IntegrityError } from '../errors.ts';
import { decodeRlp, type RlpItem } from './rlp.ts';

/*
 * Proofs in Ethereum's Merkle Patricia trie (Yellow Paper, appendix D), as `eth_getProof` gives
 * them: the nodes from the root down, each RLP. A node is believed because its hash stands in the
 * one above it; nodes shorter than 32 bytes stand in it themselves.
 */

/** keccak256(rlp('')), the root of a trie without entries. */
const EMPTY_ROOT = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421';
const BRANCH = 17;
/** 64 nibbles of a hashed key, and no trie is deeper. */
const MAX_NODES = 65;

/**
 * What stands under a key.
 *
 * @param root the trie's root, which the caller believes
 * @param key 32 bytes, hashed already: the tries of state and storage are secure tries
 * @returns the value's bytes; undefined if the proof shows that there is none
 * @throws IntegrityError `PROOF_BROKEN` if the nodes don't hang together from the root to the key
 */
export function trieValue(root: Hex, key: Hex, nodes: readonly Hex[]): Hex | undefined {
  if (nodes.length > MAX_NODES) throw broken('has more nodes than a trie is deep');
  if (root.toLowerCase() === EMPTY_ROOT && nodes.every((node) => node === '0x80')) return undefined;
  const path = key.slice(2).toLowerCase();
  const unread = [...nodes];
  let depth = 0;
  let next: RlpItem = root;
  for (;;) {
    const node: RlpItem = isList(next) ? next : readNode(unread.shift(), next);
    if (!isList(node)) throw broken('has a node that is none');
    const step: Step =
      node.length === BRANCH ? stepOfBranch(node, path, depth) : stepOfPath(node, path, depth);
    if (step.next === undefined) {
      if (unread.length > 0) throw broken('has nodes that lead nowhere');
      return step.value;
    }
    depth = step.depth;
    next = step.next;
  }
}

type Step =
  | { readonly next: RlpItem; readonly depth: number }
  | { readonly next?: undefined; readonly value: Hex | undefined };

const NOTHING: Step = { value: undefined };

function stepOfBranch(node: readonly RlpItem[], path: string, depth: number): Step {
  // Keys are all of one length, so a value never stands in a branch.
  if (depth >= path.length) throw broken('goes on beneath its key');
  const child = node[Number.parseInt(path.charAt(depth), 16)];
  return isAbsent(child) ? NOTHING : { next: child, depth: depth + 1 };
}

function stepOfPath(node: readonly RlpItem[], path: string, depth: number): Step {
  const [head, tail] = node;
  if (node.length !== 2 || head === undefined || isList(head) || isAbsent(tail)) {
    throw broken('has a node that is none');
  }
  const { nibbles, isLeaf } = decodePath(head);
  const matches = path.startsWith(nibbles, depth);
  const end = depth + nibbles.length;
  if (isLeaf) {
    if (!matches || end !== path.length) return NOTHING;
    if (isList(tail)) throw broken('has a value that is none');
    return { value: tail };
  }
  return matches ? { next: tail, depth: end } : NOTHING;
}

/** Hex-prefix encoding (Yellow Paper, appendix C). */
function decodePath(text: Hex): { readonly nibbles: string; readonly isLeaf: boolean } {
  const flag = Number.parseInt(text.charAt(2), 16);
  const isOdd = flag % 2 === 1;
  if (!(flag <= 3) || (!isOdd && text.charAt(3) !== '0')) throw broken('has a path that is none');
  return { nibbles: text.slice(isOdd ? 3 : 4), isLeaf: flag >= 2 };
}

function readNode(node: Hex | undefined, hash: Hex): RlpItem {
  if (hash.length !== 66) throw broken('has a node that is none');
  if (node === undefined) throw broken('ends too early');
  if (keccak256(node) !== hash.toLowerCase())
    throw broken('has a node with another hash than the one above says');
  try {
    return decodeRlp(node);
  } catch (cause) {
    throw broken('has a node that is not RLP', cause);
  }
}

function isList(item: RlpItem): item is readonly RlpItem[] {
  return typeof item !== 'string';
}

function isAbsent(item: RlpItem | undefined): item is undefined | '0x' {
  return item === undefined || item === '0x';
}

function broken(what: string, cause?: unknown): IntegrityError {
  return new IntegrityError('PROOF_BROKEN', `The proof ${what}.`, {
    advice: 'It proves nothing. Ask another node, or whoever made the file.',
    cause,
  });
}
