import type { KeeperEpoch } from '../contracts/index.ts';
import { KeeperError } from '../errors.ts';
import { type KeeperNetwork, requestAttest, toBase64Url } from '../keeper/index.ts';

/**
 * Has one keeper more than the threshold say that it can open its block of an envelope.
 *
 * @returns how many did.
 * @throws KeeperError `KEEPER_ATTEST_FAILED`
 */
export async function attest({
  network,
  epoch: { keepers, threshold },
  envelope,
  signal,
}: {
  readonly network: KeeperNetwork;
  readonly epoch: KeeperEpoch;
  readonly envelope: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}): Promise<number> {
  const body = { envelope: toBase64Url(envelope) };
  const answers = await Promise.allSettled(
    keepers.map((keeper) => requestAttest({ network, keeper, signal }, body)),
  );
  const attested = answers.filter(({ status }) => status === 'fulfilled').length;
  if (attested >= Math.min(threshold + 1, keepers.length)) return attested;
  throw new KeeperError(
    'KEEPER_ATTEST_FAILED',
    `${attested} of ${keepers.length} keepers can open this record; at least ${Math.min(threshold + 1, keepers.length)} must.`,
    { retryable: true, advice: 'The file is safe where it is. Try again when the keepers are up.' },
  );
}
