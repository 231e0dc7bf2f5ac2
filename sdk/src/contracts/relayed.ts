import { type Abi, type Address, concatHex, encodeFunctionData, type Hex, isAddressEqual } from 'viem';
import { ChainError, RelayError } from '../errors.ts';
import {
  isRelayProblem,
  type Relay,
  type RelayProblemCode,
  relayRefusal,
  requestStatus,
  type SignedRequest,
  submitRequests,
} from '../relay/index.ts';
import { timeInWords } from './action-words.ts';
import { actionTypedData, forwardTypedData, type UnsignedRequest } from './actions.ts';
import { goAround, sendYourself } from './around.ts';
import { feesFor } from './fees.ts';
import { sessionForwarderAbi } from './generated/index.ts';
import { findMade, type UnderWay } from './made.ts';
import { toChainError } from './revert.ts';
import { inTurn, startAnew } from './turns.ts';
import { type ChartkeyClient, requireChain, type Sent, walletOf } from './wallet.ts';

/** Less than the hour for which a refusal that somebody else's haste caused is no strike. */
const DEADLINE_SECONDS = 50 * 60;
/** A session that is started much later than it was asked for surprises its person. */
const SESSION_DEADLINE_SECONDS = 10 * 60;
/** A session that is about to end signs nothing more. */
const SESSION_MARGIN_SECONDS = 60;

/** Longer than a relay takes that can send. */
const PATIENCE_MS = 120_000;

type RelayedClient = ChartkeyClient & { readonly relay: Relay };

type Call = {
  readonly address: Address;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
};

/**
 * Signs a request, hands it to the relay, and waits until the chain itself says that it was made. If
 * the relay does not answer, or takes the request and does nothing, and the wallet can pay, the
 * person sends it: the very same request, which is made once, whoever is first.
 *
 * Warning: the relay is believed in nothing. From somebody who can't pay it can hold a request back
 * until its deadline.
 *
 * @throws ChainError, RelayError
 */
export async function sendByRelay(client: RelayedClient, call: Call): Promise<Sent> {
  try {
    const fromBlock = await client.publicClient.getBlockNumber({ cacheTime: 0 });
    const step = await signAndSubmit(client, call, fromBlock);
    return 'receipt' in step ? step : await untilMade(client, step);
  } catch (error) {
    throw error instanceof RelayError ? error : toChainError(error);
  }
}

type Submitted = UnderWay & { readonly id: Hex };

async function signAndSubmit(
  client: RelayedClient,
  call: Call,
  fromBlock: bigint,
): Promise<Submitted | Sent> {
  const { publicClient } = client;
  const from = personOf(client);
  const key = sessionKeyFor(client, call);
  const signer = key?.address ?? from;
  // The call as the person would make it: the same answer, the same gas, and it needs no ether.
  const gas = await publicClient.estimateContractGas({ ...call, account: from });
  const data = encodeFunctionData({
    abi: call.abi,
    functionName: call.functionName,
    args: call.args as unknown[],
  });
  const deadline = await deadlineOf(client, call);
  const request = { from, to: call.address, gas: (gas * 12n) / 10n + 25_000n, deadline, data };
  return inTurn(
    lineOf(client, signer),
    () => nonceOf(client, signer),
    async (nonce) => {
      const signed = await sign(client, { ...request, nonce }, key !== undefined);
      return submit(client, { signer, signed, fromBlock });
    },
  );
}

/** To the relay; past it if it gave no answer that means anything. It may have the request all the same. */
async function submit(client: RelayedClient, underWay: UnderWay): Promise<Submitted | Sent> {
  for (;;) {
    try {
      const [status] = await submitRequests(client.relay, [underWay.signed]);
      if (!status) throw relayRefusal('INTERNAL');
      return { ...underWay, id: status.id };
    } catch (error) {
      const way = await goAround(client, underWay, error);
      if (way !== 'again') return way;
    }
  }
}

function lineOf({ deployment }: ChartkeyClient, signer: Address): string {
  return `${deployment.chainId} ${deployment.forwarder} ${signer}`;
}

/** Whose name it is made in. @throws ChainError `WALLET_MISSING` */
function personOf(client: ChartkeyClient): Address {
  return walletOf(client).account.address;
}

/** The session's key, if this is an opening and the session is this person's and stands a while. */
function sessionKeyFor({ session, walletClient, deployment }: ChartkeyClient, call: Call) {
  if (!session || !walletClient || !isAddressEqual(session.person, walletClient.account.address))
    return undefined;
  const opening = call.functionName === 'openRecords' && isAddressEqual(call.address, deployment.log);
  const stands = session.expiresAt > Date.now() / 1000 + SESSION_MARGIN_SECONDS;
  return opening && stands ? session.key : undefined;
}

async function sign(
  client: ChartkeyClient,
  request: UnsignedRequest,
  bySession: boolean,
): Promise<SignedRequest> {
  const { deployment, session } = client;
  if (bySession && session) {
    const typed = forwardTypedData(deployment, request);
    return { ...request, signature: await session.key.signTypedData(typed) };
  }
  const wallet = walletOf(client);
  await requireChain(client, wallet);
  const typed = actionTypedData(deployment, request);
  return { ...request, signature: await wallet.signTypedData({ ...typed, account: wallet.account }) };
}

async function deadlineOf({ publicClient }: ChartkeyClient, { functionName }: Call): Promise<number> {
  const { timestamp } = await publicClient.getBlock({ blockTag: 'latest' });
  // A chain that makes blocks on demand may have had none for long; one of tests may be ahead.
  const now = Math.max(Number(timestamp), Math.floor(Date.now() / 1000));
  return now + (functionName === 'startSession' ? SESSION_DEADLINE_SECONDS : DEADLINE_SECONDS);
}

function nonceOf({ publicClient, deployment }: ChartkeyClient, signer: Address): Promise<bigint> {
  return publicClient.readContract({
    address: deployment.forwarder,
    abi: sessionForwarderAbi,
    functionName: 'nonces',
    args: [signer],
  });
}

/** @throws RelayError if the relay gave up; ChainError if the chain refused it, or nobody waits any longer */
async function untilMade(client: RelayedClient, underWay: Submitted): Promise<Sent> {
  const { publicClient, relay } = client;
  const impatient = Date.now() + (relay.patienceMs ?? PATIENCE_MS);
  for (;;) {
    const made = await findMade(client, underWay);
    if (made) return made;
    const given = await givenUp(relay, underWay);
    if (given) return afterRefusal(client, underWay, given);
    const instead = client.aroundRelay ? client.aroundRelay.said() : Date.now() > impatient && 'self';
    if (instead === 'stop') throw stoppedWaiting(underWay.signed);
    if (instead === 'self' && (await isNext(client, underWay))) {
      const fees = await feesFor(client);
      if (fees) return sendYourself(client, underWay, fees);
    }
    await new Promise((resolve) => setTimeout(resolve, publicClient.pollingInterval));
  }
}

/** The relay took it, and gave it up. */
async function afterRefusal(
  client: RelayedClient,
  underWay: Submitted,
  given: RelayProblemCode,
): Promise<Sent> {
  try {
    const refusal = relayRefusal(given);
    if (given === 'REQUEST_EXPIRED') throw refusal;
    const way = await goAround(client, underWay, refusal);
    const step = way === 'again' ? await submit(client, underWay) : way;
    return 'receipt' in step ? step : await untilMade(client, step);
  } catch (error) {
    startAnew(lineOf(client, underWay.signer));
    throw error;
  }
}

/** Why there is nothing more to wait for. A relay that is down for a moment goes on afterwards: its queue survives. */
async function givenUp(relay: Relay, { id, signed }: Submitted): Promise<RelayProblemCode | undefined> {
  // A block's clock may be behind by some seconds.
  if (signed.deadline + 60 < Date.now() / 1000) return 'REQUEST_EXPIRED';
  const status = await requestStatus(relay, id).catch(() => undefined);
  if (status?.state !== 'refused') return undefined;
  return isRelayProblem(status.problem) ? status.problem : 'INTERNAL';
}

async function isNext(client: ChartkeyClient, { signer, signed }: UnderWay): Promise<boolean> {
  return (await nonceOf(client, signer)) === signed.nonce;
}

function stoppedWaiting({ deadline }: SignedRequest): ChainError {
  return new ChainError('CANCELLED', 'You stopped waiting for the relay.', {
    retryable: true,
    advice: `It has your signature, and may still send this until ${timeInWords(deadline)}.`,
  });
}

/** A call's data as the forwarder passes it on: with its person behind it. */
export function forwardedData({ data, from }: Pick<SignedRequest, 'data' | 'from'>): Hex {
  return concatHex([data, from]);
}
