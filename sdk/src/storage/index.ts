export {
  type AuditItem,
  type AuditReport,
  auditItems,
  type Finding,
  type NodeTally,
} from './audit.ts';
export {
  createStorageClient,
  type NodeFault,
  type NodeHealth,
  type StorageClient,
  type StorageClientOptions,
  type StorageNode,
} from './client.ts';
export {
  bodyCid,
  digestOf,
  envelopeCid,
  LEAF_BYTES,
  MAX_BLOCK_BYTES,
  MAX_BODY_BYTES,
  rawCid,
} from './dag.ts';
export { holdersOf } from './holders.ts';
export { mapInOrder } from './in-order.ts';
export { offerKeyBlock } from './key-block.ts';
export {
  type BodyRef,
  bodyBlocks,
  MAX_RANGE_BYTES,
  type ReadBodyParameters,
  type ReadOptions,
  type ReadRangeParameters,
  readBlock,
  readBody,
  readRange,
} from './read.ts';
export {
  handInSignature,
  type SignInMessage,
  type SignInParameters,
  signedInUntil,
  signInMessages,
  signInWithKey,
  signInWithWallet,
  signOut,
} from './sign-in.ts';
export { type NodeStatus, storageStatus } from './status.ts';
export {
  type Collected,
  collectGarbage,
  type ErasedAtGate,
  eraseAtGates,
  type Unpinned,
  unpin,
} from './unpin.ts';
export {
  type AcknowledgedLeaves,
  putBlock,
  type UploadBodyParameters,
  type UploadedBody,
  uploadBody,
} from './upload.ts';
