import { type Hex, isAddressEqual } from 'viem';
import { ChainError, RelayError } from '../errors.ts';
import { type Fees, feesFor } from './fees.ts';
import { sessionForwarderAbi } from './generated/index.ts';
import { findMade, refusedOnChain, type UnderWay } from './made.ts';
import { type ChartkeyClient, type RelayChoice, requireChain, type Sent, walletOf } from './wallet.ts';

/**
 * What comes after a relay's no, or its silence: the request may have been made all the same; or its
 * person sends it; or it goes to the relay again.
 *
 * @throws the error itself if nothing is to be done; ChainError `SESSION_ENDED`
 */
export async function goAround(
  client: ChartkeyClient,
  underWay: UnderWay,
  error: unknown,
): Promise<Sent | 'again'> {
  const made = await findMade(client, underWay);
  if (made) return made;
  if (!(error instanceof RelayError)) throw error;
  if (await isSessionOver(client, underWay)) throw sessionEnded();
  const choice = await choose(client, error);
  if (choice === 'again') return choice;
  const fees = choice === 'self' ? await feesFor(client) : undefined;
  if (!fees) throw error;
  return sendYourself(client, underWay, fees);
}

/** With nobody to ask a relay's silence is gone round, and its refusal is taken at its word. */
async function choose({ aroundRelay }: ChartkeyClient, error: RelayError): Promise<RelayChoice> {
  if (aroundRelay) return aroundRelay.ask(error);
  return error.code === 'RELAY_REFUSED' ? 'stop' : 'self';
}

/** Whether a session's key signed this, and the chain knows that session no more. */
async function isSessionOver(
  { publicClient, deployment }: ChartkeyClient,
  { signer, signed }: UnderWay,
): Promise<boolean> {
  if (isAddressEqual(signer, signed.from)) return false;
  const [standing] = await publicClient.readContract({
    address: deployment.forwarder,
    abi: sessionForwarderAbi,
    functionName: 'sessionOf',
    args: [signed.from],
  });
  return !isAddressEqual(standing, signer);
}

function sessionEnded(): ChainError {
  return new ChainError('SESSION_ENDED', 'The session has ended.', {
    retryable: true,
    advice: 'Nothing was opened. Do it again: then your wallet asks you to sign.',
  });
}

/** The very request that the relay may have. If the relay is quicker, that counts, and this one does nothing. */
export async function sendYourself(client: ChartkeyClient, underWay: UnderWay, fees: Fees): Promise<Sent> {
  const wallet = walletOf(client);
  await requireChain(client, wallet);
  const { nonce: _, ...request } = underWay.signed;
  const call = {
    address: client.deployment.forwarder,
    abi: sessionForwarderAbi,
    functionName: 'execute',
    args: [{ ...request, value: 0n }],
    account: wallet.account,
    ...fees,
  } as const;
  let hash: Hex | undefined;
  try {
    const gas = await client.publicClient.estimateContractGas(call);
    hash = await wallet.writeContract({
      ...call,
      chain: wallet.chain ?? null,
      gas: (gas * 12n) / 10n + 25_000n,
    });
    await client.publicClient.waitForTransactionReceipt({ hash });
  } catch (error) {
    const made = await findMade(client, underWay, hash);
    if (made) return made;
    throw error;
  }
  const made = await findMade(client, underWay, hash);
  if (made) return made;
  throw refusedOnChain();
}
