import {
  type Abi,
  type Address,
  concatHex,
  encodeFunctionData,
  type Hex,
  isAddressEqual,
  parseEventLogs,
  type TransactionReceipt,
} from 'viem';
import { ChainError, type RelayError } from '../errors.ts';
import {
  isRelayProblem,
  type Relay,
  type RelayProblemCode,
  type RequestStatus,
  relayRefusal,
  requestStatus,
  type SignedRequest,
  submitRequests,
} from '../relay/index.ts';
import { actionTypedData, forwardTypedData, type UnsignedRequest } from './actions.ts';
import { sessionForwarderAbi } from './generated/index.ts';
import { toChainError } from './revert.ts';
import { inTurn, startAnew } from './turns.ts';
import { type ChartkeyClient, requireChain, type Sent, walletOf } from './wallet.ts';

/** Less than the hour for which a refusal that somebody else's haste caused is no strike. */
const DEADLINE_SECONDS = 50 * 60;
/** A session that is started much later than it was asked for surprises its person. */
const SESSION_DEADLINE_SECONDS = 10 * 60;
/** A session that is about to end signs nothing more. */
const SESSION_MARGIN_SECONDS = 60;

type RelayedClient = ChartkeyClient & { readonly relay: Relay };

type Call = {
  readonly address: Address;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
};

/** The relay never got the request, so that sending it oneself does it once. The cause is what to tell. */
export class RelayTrouble extends Error {
  override readonly name = 'RelayTrouble';
  override readonly cause: RelayError;

  constructor(cause: RelayError) {
    super(cause.message, { cause });
    this.cause = cause;
  }
}

/**
 * Signs a request, hands it to the relay, and waits until the chain itself says that it was made.
 *
 * Warning: the relay is believed in nothing. It can hold a request back until its deadline.
 *
 * @throws ChainError, RelayError, RelayTrouble
 */
export async function sendByRelay(client: RelayedClient, call: Call): Promise<Sent> {
  try {
    const fromBlock = await client.publicClient.getBlockNumber({ cacheTime: 0 });
    const { signer, signed, status } = await signAndSubmit(client, call);
    return await untilMade(client, { signer, signed, id: status.id, fromBlock });
  } catch (error) {
    throw error instanceof RelayTrouble ? error : asOurs(error);
  }
}

type Submitted = { readonly signer: Address; readonly signed: SignedRequest; readonly status: RequestStatus };

async function signAndSubmit(client: RelayedClient, call: Call): Promise<Submitted> {
  const { publicClient, relay } = client;
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
      const [status] = await submitRequests(relay, [signed]).catch((error: RelayError) => {
        throw neverArrived(error) ? new RelayTrouble(error) : error;
      });
      if (!status) throw relayRefusal('INTERNAL');
      return { signer, signed, status };
    },
  );
}

/** A relay that took too long to answer may have the request. */
function neverArrived({ code, cause }: RelayError): boolean {
  return code === 'RELAY_UNREACHABLE' && !(cause instanceof Error && cause.name === 'TimeoutError');
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

type UnderWay = {
  readonly signer: Address;
  readonly signed: SignedRequest;
  readonly id: Hex;
  readonly fromBlock: bigint;
};

/** @throws RelayError if the relay gave up; ChainError if the chain refused it */
async function untilMade(client: RelayedClient, underWay: UnderWay): Promise<Sent> {
  const { publicClient, relay } = client;
  for (;;) {
    const made = await findMade(client, underWay);
    if (made) return made;
    const given = await givenUp(relay, underWay);
    if (given) {
      startAnew(lineOf(client, underWay.signer));
      throw relayRefusal(given);
    }
    await new Promise((resolve) => setTimeout(resolve, publicClient.pollingInterval));
  }
}

/** Why there is nothing more to wait for. A relay that is down for a moment goes on afterwards: its queue survives. */
async function givenUp(relay: Relay, { id, signed }: UnderWay): Promise<RelayProblemCode | undefined> {
  // A block's clock may be behind by some seconds.
  if (signed.deadline + 60 < Date.now() / 1000) return 'REQUEST_EXPIRED';
  const status = await requestStatus(relay, id).catch(() => undefined);
  if (status?.state !== 'refused') return undefined;
  return isRelayProblem(status.problem) ? status.problem : 'INTERNAL';
}

/** The request's own part of the transaction that it was made in, found on the chain and not at the relay. */
async function findMade(
  { publicClient, deployment }: ChartkeyClient,
  { signer, signed, fromBlock }: UnderWay,
): Promise<Sent | undefined> {
  const at = { address: deployment.forwarder, abi: sessionForwarderAbi } as const;
  const used = await publicClient.readContract({ ...at, functionName: 'nonces', args: [signer] });
  if (used <= signed.nonce) return undefined;
  const logs = await publicClient.getContractEvents({
    ...at,
    eventName: 'ExecutedForwardRequest',
    args: { signer },
    fromBlock,
    strict: true,
  });
  const own = logs.find(({ args }) => args.nonce === signed.nonce);
  if (!own) return undefined;
  if (!own.args.success) throw refusedOnChain();
  // It stands. Not `waitForTransactionReceipt`: twenty that wait for one batch at a time get in each other's way there.
  const receipt = await publicClient.getTransactionReceipt({ hash: own.transactionHash });
  return { hash: own.transactionHash, receipt: ownPart(receipt, own.logIndex, deployment.forwarder) };
}

/** A batch's receipt has everybody's logs: those of one call stand before its own event, after the one before. */
function ownPart(receipt: TransactionReceipt, end: number, forwarder: Address): TransactionReceipt {
  const ends = parseEventLogs({
    abi: sessionForwarderAbi,
    logs: receipt.logs,
    eventName: 'ExecutedForwardRequest',
  })
    .filter((log) => isAddressEqual(log.address, forwarder) && log.logIndex < end)
    .map(({ logIndex }) => logIndex);
  const start = Math.max(-1, ...ends);
  return { ...receipt, logs: receipt.logs.filter(({ logIndex }) => logIndex > start && logIndex <= end) };
}

function refusedOnChain(): ChainError {
  return new ChainError(
    'CONTRACT_REFUSED',
    'The contracts refused this, because something changed in the meantime.',
  );
}

function asOurs(error: unknown): unknown {
  return error instanceof Error && error.name === 'RelayError' ? error : toChainError(error);
}

/** A call's data as the forwarder passes it on: with its person behind it. */
export function forwardedData({ data, from }: Pick<SignedRequest, 'data' | 'from'>): Hex {
  return concatHex([data, from]);
}
