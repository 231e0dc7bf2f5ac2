export {
  addUnlocker,
  createKeyBlock,
  type MadeKeyBlock,
  openKeyBlock,
  renewKeyBlock,
  type UnlockedRing,
} from './key-block.ts';
export { type KeyBlock, parseKeyBlock } from './layout.ts';
export { decodeRecoveryCode, encodeRecoveryCode, generateRecoveryCode } from './recovery-code.ts';
export { PASSKEY_PRF_INPUT, type Unlocker } from './wraps.ts';
