import { setImmediate } from 'node:timers/promises';
import {
  type Action,
  actionOf,
  actionTypedData,
  forwardTypedData,
  type RequestStatus,
  type SignedRequest,
} from '@chartkey/sdk';
import type { RateLimit } from '@chartkey/service';
import { type Address, type Hex, hashTypedData, isAddressEqual, zeroAddress } from 'viem';
import type { Chain } from './chain.ts';
import type { RelayConfig } from './config.ts';
import { ProblemError } from './problems.ts';
import { type Admitted, type Queue, requestIdOf } from './queue.ts';
import { recoverSigner } from './signatures.ts';

export type Door = {
  readonly chain: Chain;
  readonly queue: Queue;
  readonly config: RelayConfig;
  readonly limitPerson: RateLimit;
  readonly limitEnrolments: RateLimit;
};

/** One post, as far as it was looked at. */
type Post = {
  readonly door: Door;
  readonly chain: Questions;
  readonly block: bigint;
  readonly time: number;
  /** Whose requests were found good so far, or wait since earlier. */
  readonly people: Set<Address>;
  /** The numbers of a signer that are taken. */
  readonly numbersOf: (signer: Address) => Set<bigint>;
};

type Questions = Pick<
  Chain,
  'nonceOf' | 'sessionKeyOf' | 'isParticipant' | 'hasWalletSigned' | 'wouldGoThrough'
>;

/** A request, and what follows from its bytes alone. */
type Read = {
  readonly request: SignedRequest;
  readonly action: Action;
  /** Of the action, as a person signs it. */
  readonly hash: Hex;
  readonly signedByPerson: boolean;
};

type Found = Admitted & { readonly enrols: boolean };

/** Whoever asks for these is not registered yet. */
const ENROLLING = ['registerPatient', 'registerProvider', 'registerVerifiedProvider'];
/**
 * Only calls of managers, guardians, representatives and a patient's next wallet go through here, and these
 * are in no registry: the contracts know them.
 */
const KNOWN_TO_CONTRACTS = [
  'enrolPatient',
  'verifyProvider',
  'verifyProviders',
  'renewProvider',
  'suspendProvider',
  'reinstateProvider',
  'reviewEmergency',
  'appointForMinor',
  'confirmEmergency',
  'approveWallet',
  'takeWallet',
  'actFor',
  'endRepresentation',
];
/** So much is left at least when a request is accepted, in seconds: it has to get into a block. */
const MIN_TIME_LEFT = 15;
/** And at most: whoever wants something in two days signs it then. */
const MAX_TIME_LEFT = 86_400;

/**
 * Looks at requests in the order they have, and lets in all or none.
 *
 * @throws ProblemError
 */
export async function admit(door: Door, requests: readonly SignedRequest[]): Promise<readonly Admitted[]> {
  // Posted again because the first answer was lost.
  const fresh = requests.filter((request) => !isActive(door.queue.statusOf(requestIdOf(request))));
  const read = await readOneByOne(door, fresh);
  const post = await begin(door);
  const admitted: Found[] = [];
  for (const one of read) {
    const found = await examine(post, one);
    post.people.add(found.request.from);
    post.numbersOf(found.signer).add(found.request.nonce);
    admitted.push(found);
  }
  requireRoom(door, admitted);
  await limitAll(door, admitted);
  // What follows the checks above happens at once: nobody can take the same number in between.
  for (const { signer, request } of admitted) {
    if (door.queue.numbersOf(signer).has(request.nonce)) throw numberUsed();
  }
  if (admitted.length > 0) door.queue.add(admitted);
  await door.queue.written();
  return admitted;
}

function isActive(status: RequestStatus | undefined): boolean {
  return status?.state === 'waiting' || status?.state === 'sent';
}

let reading: Promise<unknown> = Promise.resolve();

/**
 * What is computed and needs no chain. Post after post, so that the first one is sent while the next
 * one is read; and in small pieces, so that others are answered in between.
 *
 * @throws ProblemError `TARGET_UNKNOWN`
 */
function readOneByOne(door: Door, requests: readonly SignedRequest[]): Promise<readonly Read[]> {
  const work = reading.then(async () => {
    const read: Read[] = [];
    for (const request of requests) {
      read.push(readRequest(door, request));
      await setImmediate();
    }
    return read;
  });
  reading = work.catch(() => undefined);
  return work;
}

function readRequest({ config }: Door, request: SignedRequest): Read {
  const action = actionOf(config.deployment, request);
  if (!action) throw new ProblemError('TARGET_UNKNOWN', 'Only actions of these contracts are sent.');
  const { signature, ...unsigned } = request;
  const hash = hashTypedData(actionTypedData(config.deployment, unsigned));
  return { request, action, hash, signedByPerson: recoverSigner(hash, signature) === request.from };
}

async function begin(door: Door): Promise<Post> {
  const { queue } = door;
  const numbers = new Map<Address, Set<bigint>>();
  const numbersOf = (signer: Address) => {
    const taken = numbers.get(signer) ?? new Set(queue.numbersOf(signer));
    numbers.set(signer, taken);
    return taken;
  };
  return { door, chain: askedOnce(door.chain), ...(await door.chain.now()), people: new Set(), numbersOf };
}

async function examine(post: Post, read: Read): Promise<Found> {
  const { config } = post.door;
  const { request, action } = read;
  if (request.gas > BigInt(config.maxRequestGas)) {
    throw new ProblemError('GAS_TOO_HIGH', `A request may use at most ${config.maxRequestGas} gas.`);
  }
  requireTime(request, post.time);
  const { signer, alone } = await signerOf(post, read);
  await requireTurn(post, request, signer);
  await requireServed(post, request, action);
  await requireGoesThrough(post, request, signer);
  const enrols = ENROLLING.includes(action.name);
  return { id: requestIdOf(request), request, signer, alone, sinceBlock: post.block, enrols };
}

async function requireServed(post: Post, request: SignedRequest, { name }: Action): Promise<void> {
  const { from } = request;
  if (ENROLLING.includes(name) || KNOWN_TO_CONTRACTS.includes(name)) return;
  // Somebody who has just registered through this relay is registered in a moment.
  if (isUnderWay(post, from) || (await post.chain.isParticipant(from))) return;
  // Representatives are in no registry, and the log takes openings from them and from no other stranger.
  if (name === 'openRecords' && (await post.chain.wouldGoThrough(request))) return;
  throw new ProblemError('NOT_PARTICIPANT', 'Only registered participants are served.');
}

function requireTime({ deadline }: SignedRequest, now: number): void {
  if (deadline < now + MIN_TIME_LEFT) {
    throw new ProblemError('REQUEST_EXPIRED', `A deadline lies at least ${MIN_TIME_LEFT} seconds ahead.`);
  }
  if (deadline > now + MAX_TIME_LEFT) {
    throw new ProblemError('INPUT_INVALID', `deadline: lies at most ${MAX_TIME_LEFT} seconds ahead`);
  }
}

/** Whose nonce counts. @throws ProblemError `SIGNATURE_INVALID` */
async function signerOf(
  { chain, door }: Post,
  { request, action, hash, signedByPerson }: Read,
): Promise<{ readonly signer: Address; readonly alone: boolean }> {
  if (signedByPerson) return { signer: request.from, alone: false };
  const { signature, ...unsigned } = request;
  if (action.name === 'openRecords') {
    const key = await chain.sessionKeyOf(request.from);
    const byKey = () => hashTypedData(forwardTypedData(door.config.deployment, unsigned));
    if (key !== zeroAddress && recoverSigner(byKey(), signature) === key)
      return { signer: key, alone: false };
  }
  if (await chain.hasWalletSigned(request.from, hash, signature))
    return { signer: request.from, alone: true };
  throw new ProblemError('SIGNATURE_INVALID', 'The signature is not valid for these values.');
}

/** Every number before it is used, waits, or stands before it in the same post. */
async function requireTurn(
  { chain, numbersOf }: Post,
  { nonce }: SignedRequest,
  signer: Address,
): Promise<void> {
  const next = await chain.nonceOf(signer);
  const taken = numbersOf(signer);
  if (nonce < next || taken.has(nonce)) throw numberUsed();
  if (nonce - next > BigInt(taken.size)) throw numberAhead();
  for (let number = next; number < nonce; number++) if (!taken.has(number)) throw numberAhead();
}

/** What hangs on a request that waits can't be tried yet; openings hang on nothing. */
async function requireGoesThrough(post: Post, request: SignedRequest, signer: Address): Promise<void> {
  const bySession = !isAddressEqual(signer, request.from);
  if (!bySession && isUnderWay(post, request.from)) return;
  if (await post.chain.wouldGoThrough(request)) return;
  throw new ProblemError('CALL_REFUSED', 'The contracts would refuse this call.');
}

function isUnderWay({ door, people }: Post, person: Address): boolean {
  return people.has(person) || door.queue.countOf(person) > 0;
}

function requireRoom({ queue, config }: Door, admitted: readonly Admitted[]): void {
  if (queue.countOf() + admitted.length > config.maxWaiting) {
    throw new ProblemError('BUSY', 'More requests wait than this relay takes.');
  }
  const people = Map.groupBy(admitted, ({ request }) => request.from);
  for (const [person, own] of people) {
    if (queue.countOf(person) + own.length <= config.waitingPerPerson) continue;
    throw new ProblemError('RATE_LIMITED', `At most ${config.waitingPerPerson} of one person wait.`, {
      retryAfter: 10,
    });
  }
}

async function limitAll({ limitPerson, limitEnrolments }: Door, admitted: readonly Found[]) {
  const people = Map.groupBy(admitted, ({ request }) => request.from);
  for (const [person, own] of people) await limitPerson(person, own.length);
  const enrolling = admitted.filter(({ enrols }) => enrols).length;
  if (enrolling > 0) await limitEnrolments('all', enrolling);
}

function numberUsed(): ProblemError {
  return new ProblemError('NONCE_USED', 'A request of this number was made already, or waits.');
}

function numberAhead(): ProblemError {
  return new ProblemError('NONCE_AHEAD', 'Requests of smaller numbers are missing.');
}

/** Requests of one post are mostly of one person: the chain is asked about it once. */
function askedOnce(chain: Chain): Questions {
  return {
    nonceOf: remembering((signer) => chain.nonceOf(signer)),
    sessionKeyOf: remembering((person) => chain.sessionKeyOf(person)),
    isParticipant: remembering((person) => chain.isParticipant(person)),
    hasWalletSigned: (wallet, hash, signature) => chain.hasWalletSigned(wallet, hash, signature),
    wouldGoThrough: (request) => chain.wouldGoThrough(request),
  };
}

function remembering<T>(ask: (address: Address) => Promise<T>): (address: Address) => Promise<T> {
  const answers = new Map<Address, Promise<T>>();
  return (address) => {
    const answer = answers.get(address) ?? ask(address);
    answers.set(address, answer);
    return answer;
  };
}
