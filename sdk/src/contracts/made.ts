import {
  type Address,
  decodeFunctionData,
  type Hex,
  isAddressEqual,
  parseEventLogs,
  recoverTypedDataAddress,
  type TransactionReceipt,
} from 'viem';
import { ChainError, RelayError } from '../errors.ts';
import type { SignedRequest } from '../relay/index.ts';
import { actionOf, actionTypedData, forwardTypedData } from './actions.ts';
import { sessionForwarderAbi } from './generated/index.ts';
import type { ChartkeyClient, Sent } from './wallet.ts';

/** A request that was signed, and may stand on the chain by now. */
export type UnderWay = {
  /** Whose number it carries: the person's, or a session key's. */
  readonly signer: Address;
  readonly signed: SignedRequest;
  /** It stands in no block before. */
  readonly fromBlock: bigint;
};

/** What the forwarder is given; the number is not among it. */
type Rival = Omit<SignedRequest, 'nonce'>;

/**
 * The request's own part of the transaction that it was made in, found on the chain and not at a
 * relay; undefined while its number is not used.
 *
 * @param ownTransaction one that carries this request and nothing else
 * @throws ChainError `CONTRACT_REFUSED` if its call was refused; RelayError `RELAY_WRONG_ANSWER` if
 * something else that the person signed was made under its number
 */
export async function findMade(
  client: ChartkeyClient,
  underWay: UnderWay,
  ownTransaction?: Hex,
): Promise<Sent | undefined> {
  const { publicClient, deployment } = client;
  const { signer, signed, fromBlock } = underWay;
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
  // It stands. Not `waitForTransactionReceipt`: twenty that wait for one batch at a time get in each other's way there.
  const receipt = await publicClient.getTransactionReceipt({ hash: own.transactionHash });
  if (own.transactionHash !== ownTransaction && !(await isMadeIn(client, underWay, receipt)))
    throw otherMade();
  if (!own.args.success) throw refusedOnChain();
  return { hash: own.transactionHash, receipt: ownPart(receipt, own.logIndex, deployment.forwarder) };
}

export function refusedOnChain(): ChainError {
  return new ChainError(
    'CONTRACT_REFUSED',
    'The contracts refused this, because something changed in the meantime.',
  );
}

function otherMade(): RelayError {
  return new RelayError('RELAY_WRONG_ANSWER', 'Something else that you signed before was done instead.', {
    advice: 'Look at what stands there now. If this is still missing, sign it again.',
  });
}

/**
 * Whether the number's use in this transaction was this request's. The event names the number alone,
 * and somebody may have signed two requests with one: one that a relay refused, kept and sent later.
 */
async function isMadeIn(
  client: ChartkeyClient,
  { signer, signed }: UnderWay,
  receipt: TransactionReceipt,
): Promise<boolean> {
  const { publicClient, deployment } = client;
  const { to, input } = await publicClient.getTransaction({ hash: receipt.transactionHash });
  if (!to || !isAddressEqual(to, deployment.forwarder)) return false;
  const rivals = requestsIn(input).filter(({ from }) => isAddressEqual(from, signed.from));
  const numbers = eventsOf(receipt, deployment.forwarder)
    .filter(({ args }) => isAddressEqual(args.signer, signer))
    .map(({ args }) => args.nonce);
  // Each of them was made: the order says which is which.
  if (numbers.length === rivals.length) return isSame(rivals[numbers.indexOf(signed.nonce)], signed);
  for (const rival of rivals) {
    if (isSame(rival, signed)) return true;
    if (await hasNumber(client, { ...rival, nonce: signed.nonce }, signer)) return false;
  }
  return false;
}

function requestsIn(input: Hex): readonly Rival[] {
  try {
    const { functionName, args } = decodeFunctionData({ abi: sessionForwarderAbi, data: input });
    if (functionName === 'execute') return [args[0]];
    return functionName === 'executeBatch' ? args[0] : [];
  } catch {
    return [];
  }
}

function isSame(rival: Rival | undefined, signed: SignedRequest): boolean {
  return (
    rival !== undefined &&
    isAddressEqual(rival.to, signed.to) &&
    rival.data.toLowerCase() === signed.data.toLowerCase() &&
    rival.gas === signed.gas &&
    rival.deadline === signed.deadline
  );
}

/** Whether somebody signed these values with this number. */
async function hasNumber(
  { publicClient, deployment }: ChartkeyClient,
  { signature, ...request }: SignedRequest,
  signer: Address,
): Promise<boolean> {
  const forward = forwardTypedData(deployment, request);
  const action = actionOf(deployment, request) ? [actionTypedData(deployment, request)] : [];
  for (const typed of [...action, forward]) {
    const recovered = await recoverTypedDataAddress({ ...typed, signature }).catch(() => undefined);
    if (recovered && isAddressEqual(recovered, signer)) return true;
    // A smart-contract wallet says itself what it signed.
    if (await publicClient.verifyTypedData({ ...typed, address: signer, signature }).catch(() => false))
      return true;
  }
  return false;
}

function eventsOf({ logs }: TransactionReceipt, forwarder: Address) {
  return parseEventLogs({ abi: sessionForwarderAbi, logs, eventName: 'ExecutedForwardRequest' }).filter(
    (log) => isAddressEqual(log.address, forwarder),
  );
}

/** A batch's receipt has everybody's logs: those of one call stand before its own event, after the one before. */
function ownPart(receipt: TransactionReceipt, end: number, forwarder: Address): TransactionReceipt {
  const ends = eventsOf(receipt, forwarder)
    .map(({ logIndex }) => logIndex)
    .filter((logIndex) => logIndex < end);
  const start = Math.max(-1, ...ends);
  return { ...receipt, logs: receipt.logs.filter(({ logIndex }) => logIndex > start && logIndex <= end) };
}
