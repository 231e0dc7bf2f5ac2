import { type Action, actionOf, actionTypedData, forwardTypedData, type SignedRequest } from '@chartkey/sdk';
import type { RateLimit } from '@chartkey/service';
import { type Address, hashTypedData, isAddressEqual, recoverAddress, zeroAddress } from 'viem';
import type { Chain } from './chain.ts';
import type { RelayConfig } from './config.ts';
import { ProblemError } from './problems.ts';
import { type Admitted, type Queue, requestIdOf } from './queue.ts';

export type Door = {
  readonly chain: Chain;
  readonly queue: Queue;
  readonly config: RelayConfig;
  readonly limitPerson: RateLimit;
  readonly limitEnrolments: RateLimit;
};

/** What is asked about a request. */
type Asking = Omit<Door, 'chain'> & {
  readonly chain: Pick<
    Chain,
    'nonceOf' | 'sessionKeyOf' | 'isParticipant' | 'hasWalletSigned' | 'wouldGoThrough'
  >;
};

/** Whoever asks for these is not registered yet. */
const ENROLLING = ['registerPatient', 'registerProvider', 'registerVerifiedProvider'];
/** Only managers' calls of these go through, and managers are in no registry: the contracts know them. */
const OF_MANAGERS = [
  'enrolPatient',
  'verifyProvider',
  'verifyProviders',
  'renewProvider',
  'suspendProvider',
  'reinstateProvider',
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
  const asking = { ...door, chain: askedOnce(door.chain) };
  const now = await door.chain.time();
  const admitted: Admitted[] = [];
  for (const request of requests) {
    const id = requestIdOf(request);
    const known = door.queue.statusOf(id);
    // Posted again because the first answer was lost.
    if (known?.state === 'waiting' || known?.state === 'sent') continue;
    const one = await examine(asking, request, now, admitted);
    admitted.push(one);
  }
  requireRoom(door, admitted);
  await limitAll(door, admitted);
  // What follows the checks above happens at once: nobody can take the same number in between.
  for (const { signer, request } of admitted) {
    if (door.queue.numbersOf(signer).has(request.nonce)) throw numberUsed();
  }
  door.queue.add(admitted);
  return admitted;
}

async function examine(
  door: Asking,
  request: SignedRequest,
  now: number,
  before: readonly Admitted[],
): Promise<Admitted> {
  const { config, chain } = door;
  const action = actionOf(config.deployment, request);
  if (!action) throw new ProblemError('TARGET_UNKNOWN', 'Only actions of these contracts are sent.');
  if (request.gas > BigInt(config.maxRequestGas)) {
    throw new ProblemError('GAS_TOO_HIGH', `A request may use at most ${config.maxRequestGas} gas.`);
  }
  requireTime(request, now);
  const { signer, alone } = await signerOf(door, request, action);
  await requireTurn(door, request, signer, before);
  const known = ENROLLING.includes(action.name) || OF_MANAGERS.includes(action.name);
  if (!known && !(await chain.isParticipant(request.from))) {
    // Somebody who has just registered through this relay is registered in a moment.
    if (!isUnderWay(door, request.from, before)) {
      throw new ProblemError('NOT_PARTICIPANT', 'Only registered participants are served.');
    }
  }
  await requireGoesThrough(door, request, signer, before);
  return { id: requestIdOf(request), request, signer, alone };
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
  { chain, config }: Asking,
  request: SignedRequest,
  action: Action,
): Promise<{ readonly signer: Address; readonly alone: boolean }> {
  const { deployment } = config;
  const { signature: _, ...unsigned } = request;
  const hash = hashTypedData(actionTypedData(deployment, unsigned));
  if (await isSignedBy(request.from, hash, request)) return { signer: request.from, alone: false };
  if (action.name === 'openRecords') {
    const key = await chain.sessionKeyOf(request.from);
    const byKey = hashTypedData(forwardTypedData(deployment, unsigned));
    if (key !== zeroAddress && (await isSignedBy(key, byKey, request))) return { signer: key, alone: false };
  }
  if (await chain.hasWalletSigned(request.from, hash, request.signature)) {
    return { signer: request.from, alone: true };
  }
  throw new ProblemError('SIGNATURE_INVALID', 'The signature is not valid for these values.');
}

async function isSignedBy(
  signer: Address,
  hash: `0x${string}`,
  { signature }: SignedRequest,
): Promise<boolean> {
  const recovered = await recoverAddress({ hash, signature }).catch(() => zeroAddress);
  return isAddressEqual(recovered, signer);
}

/** Every number before it is used, waits, or stands before it in the same post. */
async function requireTurn(
  { chain, queue }: Asking,
  { nonce }: SignedRequest,
  signer: Address,
  before: readonly Admitted[],
): Promise<void> {
  const next = await chain.nonceOf(signer);
  const taken = new Set(queue.numbersOf(signer));
  for (const other of before) if (isAddressEqual(other.signer, signer)) taken.add(other.request.nonce);
  if (nonce < next || taken.has(nonce)) throw numberUsed();
  if (nonce - next > BigInt(taken.size)) throw numberAhead();
  for (let number = next; number < nonce; number++) if (!taken.has(number)) throw numberAhead();
}

/** What hangs on a request that waits can't be tried yet; openings hang on nothing. */
async function requireGoesThrough(
  door: Asking,
  request: SignedRequest,
  signer: Address,
  before: readonly Admitted[],
): Promise<void> {
  const bySession = !isAddressEqual(signer, request.from);
  if (!bySession && isUnderWay(door, request.from, before)) return;
  if (await door.chain.wouldGoThrough(request)) return;
  throw new ProblemError('CALL_REFUSED', 'The contracts would refuse this call.');
}

function isUnderWay({ queue }: Pick<Door, 'queue'>, person: Address, before: readonly Admitted[]): boolean {
  return queue.countOf(person) > 0 || before.some(({ request }) => isAddressEqual(request.from, person));
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

async function limitAll({ limitPerson, limitEnrolments, config }: Door, admitted: readonly Admitted[]) {
  const people = Map.groupBy(admitted, ({ request }) => request.from);
  for (const [person, own] of people) await limitPerson(person, own.length);
  const enrolling = admitted.filter(({ request }) =>
    ENROLLING.includes(actionOf(config.deployment, request)?.name ?? ''),
  );
  if (enrolling.length > 0) await limitEnrolments('all', enrolling.length);
}

function numberUsed(): ProblemError {
  return new ProblemError('NONCE_USED', 'A request of this number was made already, or waits.');
}

function numberAhead(): ProblemError {
  return new ProblemError('NONCE_AHEAD', 'Requests of smaller numbers are missing.');
}

/** Requests of one post are mostly of one person: the chain is asked about it once. */
function askedOnce(chain: Chain): Asking['chain'] {
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
