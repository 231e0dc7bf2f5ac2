export { type BlockHeader, decodeHeader, encodeHeader } from './block-header.ts';
export {
  fetchLogProof,
  HEADS_SLOT,
  headSlot,
  type LogProof,
  openLogProof,
  type PatientProof,
  type ProvenHead,
  type ProvenLog,
  verifyLogProof,
} from './log-proof.ts';
export { trieValue } from './trie.ts';
