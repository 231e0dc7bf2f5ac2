export { idleLockChoices, idleLockOf } from './idle-lock.ts';
export { LockOnChange } from './lock-on-change.tsx';
export { createPasskey, knowsPasskeys } from './passkey.ts';
export { StorageSignInStatus } from './storage-sign-in.tsx';
export type {
  ImportPreview,
  NewKey,
  OlderRecord,
  OpenedRecord,
  OpeningOutcome,
  RecordTitle,
  Rewrapped,
  SealProgress,
  Shift,
  ShiftEnd,
} from './types.ts';
export { UnlockPanel } from './unlock-panel.tsx';
export { type StorageSignIn, useStorageSignIn } from './use-storage-sign-in.ts';
export { type Titles, useTitles } from './use-titles.ts';
export { shiftKeyOf, useVault } from './use-vault.ts';
