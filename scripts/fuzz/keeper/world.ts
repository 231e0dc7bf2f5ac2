import {
  generateOneTimeKeyPair,
  type KeyPair,
  type Opening,
  openRecords,
  type RecordId,
  rawCid,
  readBlock,
  recordOf,
  retireRecord,
  rewrapRecord,
  suspendProvider,
  toBase64Url,
} from '@chartkey/sdk';
import { type Account, bytesToHex, hexToBytes, sha256 } from 'viem';
import { ACTORS } from '../../lib/accounts.ts';
import type { Stack } from '../../lib/stack.ts';
import { openWard, writeLetters } from '../../lib/ward.ts';

export type Letter = { readonly recordId: RecordId; readonly envelope: Uint8Array };

/** A request whose right answer is known. */
export type Known = {
  readonly name: string;
  readonly opening: Opening;
  readonly publicKey: Uint8Array;
  readonly letters: readonly Letter[];
  /** What becomes of its records: `released`, a reason, or a problem's code. */
  readonly expected: string;
};

/** Real openings on a real log: good ones, and ones of everything that ends a right to read. */
export async function knownRequests(stack: Stack): Promise<readonly Known[]> {
  const { clinician, lab } = ACTORS;
  await openWard(stack, [clinician, lab]);
  const ids = await writeLetters(stack, ['good', 'also good', 'moved', 'ended']);
  const [good, other, moved, ended] = await Promise.all(ids.map((id) => letterOf(stack, id)));
  if (!good || !other || !moved || !ended) throw new Error('four letters were written');

  const opened = await open(stack, ids, clinician);
  const suspended = await open(stack, ids, lab);
  const lowOrder = await openWithKey(stack, ids, clinician, lowOrderKey(await generateOneTimeKeyPair()));
  // Any digest will do: what counts is that the envelope at hand is the current one no more.
  const envelopeDigest = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  await rewrapRecord(stack.clientOf(ACTORS.patient), { recordId: moved.recordId, envelopeDigest });
  await retireRecord(stack.clientOf(ACTORS.patient), { recordId: ended.recordId });
  await suspendProvider(stack.clientOf(ACTORS.manager), { provider: lab.address });
  return [
    { name: 'good', ...opened, letters: [good, other], expected: 'released' },
    { name: 'one of two', ...opened, letters: [other], expected: 'released' },
    { name: 'an older envelope', ...opened, letters: [moved], expected: 'envelope-not-current' },
    { name: 'a retired record', ...opened, letters: [ended], expected: 'denied' },
    { name: 'a suspended accessor', ...suspended, letters: [good], expected: 'denied' },
    { name: 'a key of low order', ...lowOrder, letters: [good], expected: 'INPUT_INVALID' },
  ];
}

export function bodyOf({ opening, publicKey, letters }: Pick<Known, 'opening' | 'publicKey' | 'letters'>) {
  const { keyHash: _follows, ...named } = opening;
  return {
    opening: named,
    publicKey: toBase64Url(publicKey),
    records: letters.map(({ recordId, envelope }) => ({ recordId, envelope: toBase64Url(envelope) })),
  };
}

async function open(stack: Stack, recordIds: readonly RecordId[], accessor: Account) {
  const { publicKey } = await generateOneTimeKeyPair();
  return openWithKey(stack, recordIds, accessor, publicKey);
}

async function openWithKey(
  stack: Stack,
  recordIds: readonly RecordId[],
  accessor: Account,
  publicKey: Uint8Array,
): Promise<{ readonly opening: Opening; readonly publicKey: Uint8Array }> {
  const parameters = { recordIds, purpose: 'TREAT', keyHash: sha256(publicKey) } as const;
  const { opening } = await openRecords(stack.clientOf(accessor), parameters);
  if (!opening) throw new Error('nothing was permitted');
  return { opening, publicKey };
}

/** Its X25519 half is the point of order one: whatever is agreed on with it is zero. */
function lowOrderKey({ publicKey }: KeyPair): Uint8Array {
  return Uint8Array.from(publicKey, (byte, i) => (i < publicKey.length - 32 ? byte : 0));
}

async function letterOf(stack: Stack, recordId: RecordId): Promise<Letter> {
  const record = await recordOf(stack.clientOf(), { recordId });
  const digest = record?.envelopeDigest ?? recordId;
  return { recordId, envelope: await readBlock(stack.storage, rawCid(hexToBytes(digest))) };
}
