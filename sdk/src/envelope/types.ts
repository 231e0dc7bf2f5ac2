import type { Address, Hex } from 'viem';
import type { Bytes } from './bytes.ts';

declare const brand: unique symbol;

/** SHA-256 of a record's first envelope: its id on chain and its address on IPFS. */
export type RecordId = Hex & { readonly [brand]: 'RecordId' };
/** The id of one opening on the access log, 32 bytes. */
export type OpeningId = Hex & { readonly [brand]: 'OpeningId' };

/** What ties a record to one place on one chain. It never changes, also not in a re-wrap. */
export type Binding = {
  readonly chainId: bigint;
  /** The RecordIndex contract. */
  readonly recordIndex: Address;
  /** The patient's id: the address of the wallet that enrolled. */
  readonly patient: Address;
  /** The address that the contract will hold as the author. */
  readonly author: Address;
  /** 32 random bytes, fresh for each record version. */
  readonly salt: Uint8Array;
};

/** What is known about the content, sealed with the content key. */
export type Metadata = {
  /** True length of the content in bytes, before padding; 0 to 2^40. */
  readonly length: number;
  /** `type/subtype`, printable ASCII, 1 to 127 bytes. */
  readonly mediaType: string;
  /** What people call it; 0 to 255 bytes of UTF-8. See `fitTitle`. */
  readonly title: string;
  /** FHIR resource type such as `DiagnosticReport`, up to 64 letters; empty if none fits. */
  readonly fhirType: string;
  /** `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ss[.sss]Z`. */
  readonly created: string;
};

/** 0-based place among the envelope's keepers, the polynomial's x (1..255), and its y. */
export type KeeperShare = { readonly index: number; readonly x: number; readonly share: Bytes };

export type PatientBlock = {
  /** SHA-256 of the patient's public key. */
  readonly recipient: Bytes;
  readonly enc: Bytes;
  readonly ciphertext: Bytes;
};

export type KeeperBlock = {
  readonly index: number;
  readonly x: number;
  /** SHA-256 of the keeper's public key. */
  readonly recipient: Bytes;
  readonly commitment: Bytes;
  readonly enc: Bytes;
  readonly ciphertext: Bytes;
};

/** Bytes 0..301, parsed. */
export type EnvelopePrefix = Binding & {
  readonly threshold: number;
  readonly keeperCount: number;
  readonly hasPatientBlock: boolean;
  readonly epoch: number;
  /** SHA-256 over the epoch's ordered (keeper id, SHA-256(public key)). */
  readonly keeperSetDigest: Hex;
  /** Ciphertext bytes, padding included. */
  readonly bodyLength: number;
  /** Multihash digest of the body's root CID. */
  readonly bodyDigest: Hex;
  readonly keyCommit: Bytes;
  readonly floeHeader: Bytes;
};

/**
 * An envelope that obeys the layout. Parsing says nothing about who wrote it or whether its
 * seals open; addresses are lower-case, compare them without regard to case.
 */
export type Envelope = EnvelopePrefix & {
  readonly salt: Bytes;
  readonly metadata: Bytes;
  /** Undefined while the patient has no key. */
  readonly patientBlock: PatientBlock | undefined;
  readonly keeperBlocks: readonly KeeperBlock[];
  readonly mac: Bytes;
  /** The whole envelope, as it lies in storage. */
  readonly bytes: Bytes;
};

export type Progress = (progress: { readonly done: number; readonly total: number }) => void;
