import { type Address, type Hex, parseEventLogs } from 'viem';
import type { OpeningId, RecordId } from '../envelope/index.ts';
import { ChainError } from '../errors.ts';
import { type PurposeOfUse, purposeToNumber } from '../hl7/index.ts';
import { accountOf, type ChartkeyClient, read, type Sent, send } from './client.ts';
import { type Decision, decisionAt } from './decisions.ts';
import { accessLogAbi as abi } from './generated/index.ts';

/** One call opens at most this many records. */
export const MAX_OPENING_BATCH = 256;

const PLACES_PER_QUESTION = 32;

const EVENTS = ['RecordOpened', 'RecordOpenedOnGround', 'OpenRefused'] as const;

const heldPlaces = new Map<string, Set<number>>();

/** One opening, as an accessor presents it to keepers. Its hash stands in the access log. */
export type Opening = {
  readonly accessor: Address;
  /** Where it stands among the accessor's own. */
  readonly place: number;
  readonly purpose: PurposeOfUse;
  /** Unix seconds of the block it stands in. */
  readonly openedAt: number;
  /** SHA-256 of the one-time public key. */
  readonly keyHash: Hex;
  /** The records that were permitted. */
  readonly recordIds: readonly RecordId[];
};

export type OpenRecordsResult = Sent & {
  /** What was permitted; undefined if nothing was. */
  readonly opening: Opening | undefined;
  readonly refused: readonly { readonly recordId: RecordId; readonly decision: Decision }[];
};

/**
 * Writes an entry for each record into its patient's log and learns which were permitted.
 * A refusal is an entry too, and no error.
 *
 * @param recordIds 1 to 256
 * @param keyHash SHA-256 of a fresh one-time public key
 */
export async function openRecords(
  client: ChartkeyClient,
  {
    recordIds,
    purpose,
    keyHash,
  }: { readonly recordIds: readonly RecordId[]; readonly purpose: PurposeOfUse; readonly keyHash: Hex },
): Promise<OpenRecordsResult> {
  const sent = await withFreePlace(client, (place) => {
    const args = [recordIds, purposeToNumber(purpose), keyHash, place] as const;
    return send(client, { ...at(client), functionName: 'openRecords', args });
  });
  const logs = parseEventLogs({ abi, logs: sent.receipt.logs, eventName: [...EVENTS] });
  const opened = logs.filter((log) => log.eventName !== 'OpenRefused');
  const refused = logs
    .filter((log) => log.eventName === 'OpenRefused')
    .map(({ args }) => ({ recordId: args.recordId as RecordId, decision: decisionAt(args.decision) }));
  const first = opened[0]?.args;
  const opening = first && {
    accessor: accountOf(client),
    place: first.place,
    purpose,
    openedAt: first.openedAt,
    keyHash,
    recordIds: opened.map(({ args }) => args.recordId as RecordId),
  };
  return { ...sent, opening, refused };
}

/** The id of an opening, which seals bind to. @throws ChainError `OPENING_REFUSED` if it does not stand. */
export async function openingIdOf(client: ChartkeyClient, opening: Opening): Promise<OpeningId> {
  const args = [openingToChain(opening)] as const;
  const id = await read(() =>
    client.publicClient.readContract({ ...at(client), functionName: 'standingOpening', args }),
  );
  if (BigInt(id) === 0n) {
    throw new ChainError('OPENING_REFUSED', 'This opening does not stand on the log any more.', {
      advice: 'Open the records again.',
    });
  }
  return id as OpeningId;
}

/** The head of a patient's log. */
export async function headOf(
  client: ChartkeyClient,
  { patient, blockNumber }: { readonly patient: Address; readonly blockNumber?: bigint },
): Promise<{ readonly head: Hex; readonly count: number }> {
  const [head, count] = await read(() =>
    client.publicClient.readContract({
      ...at(client),
      functionName: 'headOf',
      args: [patient],
      ...(blockNumber === undefined ? {} : { blockNumber }),
    }),
  );
  return { head, count };
}

/** An accessor's refusals that count now as strikes: 8 within a day suspend it. */
export async function strikesOf(
  client: ChartkeyClient,
  { accessor }: { readonly accessor: Address },
): Promise<{ readonly count: number; readonly since: number }> {
  const [count, since] = await read(() =>
    client.publicClient.readContract({ ...at(client), functionName: 'strikesOf', args: [accessor] }),
  );
  return { count, since };
}

/** Calls that were sent and don't stand yet hold their places, so that two at once don't meet. */
async function withFreePlace<T>(client: ChartkeyClient, call: (place: number) => Promise<T>): Promise<T> {
  const accessor = accountOf(client);
  const key = `${client.deployment.chainId} ${client.deployment.log} ${accessor}`;
  const held = heldPlaces.get(key) ?? new Set();
  heldPlaces.set(key, held);
  const place = await freePlace(client, accessor, held);
  held.add(place);
  try {
    return await call(place);
  } finally {
    held.delete(place);
  }
}

/**
 * Where an opening can stand: each keeps its place for an hour, as long as keepers answer. A place
 * that was used before costs less than a new one.
 */
async function freePlace(client: ChartkeyClient, accessor: Address, held: Set<number>): Promise<number> {
  const { timestamp } = await read(() => client.publicClient.getBlock({ blockTag: 'latest' }));
  for (let first = 0; ; first += PLACES_PER_QUESTION) {
    const args = [accessor, first, PLACES_PER_QUESTION] as const;
    const freeAt = await read(() =>
      client.publicClient.readContract({ ...at(client), functionName: 'placesOf', args }),
    );
    const places = freeAt
      .map((time, i) => ({ place: first + i, time }))
      .filter(({ place, time }) => BigInt(time) <= timestamp && !held.has(place));
    const free = places.find(({ time }) => time !== 0) ?? places[0];
    if (free) return free.place;
  }
}

export function openingToChain(opening: Opening) {
  return { ...opening, purpose: purposeToNumber(opening.purpose), recordIds: opening.recordIds };
}

function at(client: ChartkeyClient) {
  return { address: client.deployment.log, abi } as const;
}
