import { type Address, type Hex, isAddressEqual, zeroAddress } from 'viem';
import type { OpeningId, RecordId } from '../envelope/index.ts';
import { ChainError } from '../errors.ts';
import { type Opening, openingToChain } from './access-log.ts';
import { type ChartkeyClient, read } from './client.ts';
import { keeperViewAbi as abi } from './generated/index.ts';

/** What the chain says now of a record that an opening names. */
export type OpenedState = {
  readonly recordId: RecordId;
  readonly patient: Address;
  readonly author: Address;
  /** SHA-256 of the current envelope. */
  readonly envelopeDigest: Hex;
};

/**
 * The id of an opening and its records, in one question however many there are: the very question
 * that keepers ask.
 *
 * @throws ChainError `OPENING_REFUSED` if the opening does not stand
 */
export async function releaseState(
  client: ChartkeyClient,
  opening: Opening,
): Promise<{ readonly openingId: OpeningId; readonly records: readonly OpenedState[] }> {
  const { publicClient, deployment } = client;
  const call = { address: deployment.view, abi, functionName: 'releaseState' } as const;
  const [id, states] = await read(() =>
    publicClient.readContract({ ...call, args: [openingToChain(opening)] }),
  );
  if (BigInt(id) === 0n) {
    throw new ChainError('OPENING_REFUSED', 'This opening does not stand on the log any more.', {
      advice: 'Open the records again.',
    });
  }
  const records = opening.recordIds.flatMap((recordId, i) => {
    const state = states[i];
    if (!state || isAddressEqual(state.patient, zeroAddress)) return [];
    const { patient, author, envelopeDigest } = state;
    return [{ recordId, patient, author, envelopeDigest }];
  });
  return { openingId: id as OpeningId, records };
}
