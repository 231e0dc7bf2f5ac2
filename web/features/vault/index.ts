export { LockOnChange } from './lock-on-change.tsx';
export type { NewKey, OpenedRecord, OpeningOutcome, RecordTitle } from './types.ts';
export { UnlockPanel } from './unlock-panel.tsx';
export { type Titles, useTitles } from './use-titles.ts';
export { useVault } from './use-vault.ts';
