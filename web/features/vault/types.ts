import type {
  ChartRecord,
  ImportableRecord,
  OpenAgeWith,
  RecordId,
  ImportPreview as SdkPreview,
  SealAgeTo,
  SignInMessage,
} from '@chartkey/sdk';
import type { Address, Hex } from 'viem';

/** What every page of a site knows of the vault. */
export type VaultState = {
  /** What the chain holds of the key that is unlocked. */
  readonly unlocked: Hex | undefined;
  /** Grows with each lock, also when there was no key: what was opened is to be cleared then. */
  readonly locks: number;
  /** The working session that stands in this browser. Its key stays in the worker. */
  readonly shift: Shift | undefined;
  /** Why the last one stands no more. */
  readonly shiftEnded: ShiftEnd | undefined;
};

export type Shift = {
  readonly person: Address;
  /** The key's address. */
  readonly key: Address;
  /** Unix seconds. */
  readonly expiresAt: number;
  /** Of the transaction that started it: what a node says of an earlier block is about something else. */
  readonly blockNumber: bigint;
};

/** `here`: by hand, in this browser. `elsewhere`: the chain knows it no more. */
export type ShiftEnd = 'here' | 'elsewhere' | 'locked' | 'expired' | 'suspended';

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
  /** The same key, and a new passkey beside what opens it now; the code says that it is the owner who asks. */
  | { readonly kit: 'add-passkey'; readonly code: string; readonly prf: Uint8Array<ArrayBuffer> }
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

/** What the wallet made of a message of the gate. */
export type SignedIn = SignInMessage & { readonly signature: Hex };

/** A record that is not sealed to the newest key; `own` if an older key of the ring opens it. */
export type OlderRecord = { readonly recordId: RecordId; readonly own: boolean };

export type Rewrapped = { readonly recordId: RecordId; readonly envelopeDigest: Hex };

export type OpeningOutcome = {
  readonly records: readonly OpenedRecord[];
  readonly failed: readonly { readonly recordId: RecordId; readonly error: Error }[];
  readonly keepers: { readonly answered: number; readonly total: number };
};

/** `waiting`: interrupted, and soon tried again by itself. */
export type SealStage = 'encrypting' | 'confirming' | 'waiting';
export type SealProgress = { readonly stage: SealStage; readonly done: number; readonly total: number };

export type SealRequest = {
  /** For {@link VaultWorker.cancel}. */
  readonly job: string;
  /** The same when it is tried again: then it goes on where it stopped. */
  readonly id: string;
  readonly page: string;
  readonly file: File;
  readonly patient: Address;
  readonly author: Address;
  /** Instead of what is guessed from the file. */
  readonly described?: Partial<Omit<RecordTitle, 'length'>> | undefined;
};

/** Where a download goes: a file that was chosen, or, without one, a Blob that comes back. */
type Download = {
  readonly job: string;
  readonly target: FileSystemFileHandle | undefined;
};

export type ExportRequest = Download & {
  readonly patient: Address;
  readonly records: readonly ChartRecord[];
  /** Nothing: the archive is readable to whoever has it. */
  readonly to: SealAgeTo | undefined;
  /** What the patient calls compartment 0, 1, … */
  readonly folderNames: readonly string[];
};

export type Exported = { readonly missing: number; readonly blob: Blob | undefined };

export type EncryptRequest = Download & { readonly content: Blob; readonly to: SealAgeTo };

export type InspectRequest = {
  readonly job: string;
  readonly file: File;
  readonly opening: OpenAgeWith | undefined;
  /** The chart that it would go into. */
  readonly present: readonly RecordId[];
};

export type ImportPreview = SdkPreview & {
  /** Paths of the records that the chart has already, as far as the unlocked key can tell. */
  readonly there: readonly string[];
};

export type ImportRequest = {
  readonly job: string;
  readonly page: string;
  readonly file: File;
  readonly opening: OpenAgeWith | undefined;
  readonly records: readonly ImportableRecord[];
  readonly patient: Address;
  readonly author: Address;
};

/** A record out of an archive that lies in storage; the chain does not know it yet. */
export type SealedImport = { readonly path: string; readonly recordId: RecordId };
