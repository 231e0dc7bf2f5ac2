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

/** Where a new key comes from, and what will open it. */
export type KeyRequest =
  /** Adds a key to the ring that is unlocked; the kit and the passkey stay what they are. */
  | { readonly kit: 'keep' }
  /** `from`: the ring that is unlocked, or nothing: then older records open through the keepers only. */
  | {
      readonly kit: 'new';
      readonly from: 'unlocked' | 'nothing';
      /** What a passkey gave, if there is one. */
      readonly prf: Uint8Array<ArrayBuffer> | undefined;
    };

export type NewKey = {
  /** SHA-256 of the key's block: what the chain will hold. */
  readonly keyHash: Hex;
  /** Of a new kit. Shown once; whoever has it can read the patient's records. */
  readonly recoveryCode: string | undefined;
};

/** A record that is not sealed to the newest key; `own` if an older key of the ring opens it. */
export type OlderRecord = { readonly recordId: RecordId; readonly own: boolean };

export type Rewrapped = { readonly recordId: RecordId; readonly envelopeDigest: Hex };

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
