import type { RecordId } from '@chartkey/sdk';
import type { Address, Hex } from 'viem';

/** What a record's sealed metadata says. Readable only to whoever holds its key. */
export type RecordTitle = {
  readonly title: string;
  readonly mediaType: string;
  readonly fhirType: string;
  readonly created: string;
  readonly length: number;
};

export type OpenedRecord = RecordTitle & { readonly recordId: RecordId; readonly content: Blob };

export type NewKey = {
  /** SHA-256 of the public key: what the chain holds. */
  readonly publicKeyHash: Hex;
  /** Shown once. Whoever has it can read the patient's records. */
  readonly recoveryCode: string;
};

export type OpeningOutcome = {
  readonly records: readonly OpenedRecord[];
  readonly failed: readonly { readonly recordId: RecordId; readonly error: Error }[];
  readonly keepers: { readonly answered: number; readonly total: number };
};

export type SealStage = 'encrypting' | 'confirming';
export type SealProgress = { readonly stage: SealStage; readonly done: number; readonly total: number };

export type SealRequest = {
  /** For {@link VaultWorker.cancel}. */
  readonly job: string;
  readonly file: File;
  readonly patient: Address;
  readonly author: Address;
};
