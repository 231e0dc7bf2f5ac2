import type { Address } from 'viem';
import { fromHex } from '../envelope/bytes.ts';
import type { ArchivedRecord, MissingRecord } from './chart-manifest.ts';

/** A record that is in the archive, with what only its index needs. */
export type ChartEntry = ArchivedRecord & {
  /** SHA-1 of the content, base64: what FHIR's `Attachment.hash` is. Nothing is secured by it. */
  readonly sha1: string;
  readonly superseded: boolean;
};

/** What start page, FHIR index and manifest are written from. */
export type ChartContents = {
  readonly exportedAt: Date;
  readonly chainId: number;
  readonly recordIndex: Address;
  readonly patient: Address;
  readonly entries: readonly ChartEntry[];
  readonly missing: readonly MissingRecord[];
  /** What the patient calls a compartment. */
  readonly folderName: (compartment: number) => string;
};

/** A record id as a URI: RFC 6920, the SHA-256 of the record's first envelope. */
export function recordUri(recordId: string): string {
  return `ni:///sha-256;${base64(fromHex(recordId, 32, 'A record id'))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')}`;
}

/** A person's account as a URI: the did:pkh method over CAIP-10. */
export function accountUri(chainId: number, account: Address): string {
  return `did:pkh:eip155:${chainId}:${account}`;
}

export function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** A path as a relative URL: names may hold `#`, `%` and spaces. */
export function relativeUrl(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
