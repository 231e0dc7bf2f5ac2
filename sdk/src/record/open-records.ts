import {
  type ChartkeyClient,
  type Decision,
  describeDecision,
  type Keeper,
  type KeeperEpoch,
  keeperEpoch,
  type OpenedState,
  type Opening,
  openRecords,
  releaseState,
  type Sent,
} from '../contracts/index.ts';
import { toHex } from '../envelope/bytes.ts';
import {
  combineShares,
  type Envelope,
  generateOneTimeKeyPair,
  type KeyPair,
  type RecordId,
} from '../envelope/index.ts';
import { ChainError, ChartkeyError, KeeperError } from '../errors.ts';
import type { PurposeOfUse } from '../hl7/index.ts';
import {
  type GatheredShares,
  gatherShares,
  type KeeperNetwork,
  type KeeperProgress,
  type KeeperReport,
} from '../keeper/index.ts';
import type { StorageClient } from '../storage/index.ts';
import { type OpenedRecord, openedRecord, readEnvelope } from './opened-record.ts';

export type OpenThroughKeepersParameters = {
  readonly storage: StorageClient;
  readonly network: KeeperNetwork;
  /** 1 to 256. */
  readonly recordIds: readonly RecordId[];
  readonly purpose: PurposeOfUse;
  readonly onStage?: ((stage: OpenStage) => void) | undefined;
  /** How many keepers have answered, each time one more has. */
  readonly onKeepers?: ((progress: KeeperProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** `signing`: the wallet is asked; `keepers`: the entry stands and keepers are asked. */
export type OpenStage = 'signing' | 'keepers' | 'done';

export type OpenOutcome =
  | { readonly status: 'opened'; readonly recordId: RecordId; readonly record: OpenedRecord }
  | {
      readonly status: 'refused';
      readonly recordId: RecordId;
      readonly decision: Decision;
      readonly error: ChartkeyError;
    }
  | { readonly status: 'failed'; readonly recordId: RecordId; readonly error: ChartkeyError };

export type OpenedThroughKeepers = {
  /** One for each record that was asked for, in that order. */
  readonly outcomes: readonly OpenOutcome[];
  readonly sent: Sent;
  readonly opening: Opening | undefined;
  readonly keepers: readonly KeeperReport[];
};

/**
 * Opens records the way that everybody but their patient must: an entry on each patient's log
 * first, then k keepers. One signature, however many records.
 *
 * @throws ChainError if the entry could not be written. What goes wrong with a single record
 * after that is in its outcome.
 */
export async function openThroughKeepers(
  client: ChartkeyClient,
  parameters: OpenThroughKeepersParameters,
): Promise<OpenedThroughKeepers> {
  const { recordIds, purpose, onStage } = parameters;
  const keyPair = await generateOneTimeKeyPair();
  onStage?.('signing');
  const { opening, refused, ...sent } = await openRecords(client, {
    recordIds,
    purpose,
    keyHash: toHex(keyPair.publicKeyHash),
  });
  onStage?.('keepers');
  const { outcomes, keepers } = opening
    ? await fetchOpening(client, { ...parameters, opening, keyPair })
    : { outcomes: [], keepers: [] };
  onStage?.('done');

  const found = new Map<RecordId, OpenOutcome>(outcomes.map((outcome) => [outcome.recordId, outcome]));
  for (const { recordId, decision } of refused) found.set(recordId, refusedOutcome(recordId, decision));
  return {
    outcomes: recordIds.map((recordId) => found.get(recordId) ?? refusedOutcome(recordId, 'RecordUnknown')),
    sent,
    opening,
    keepers,
  };
}

/** The second half: an opening stands on the log already, and its key pair is still at hand. */
export async function fetchOpening(
  client: ChartkeyClient,
  parameters: Pick<OpenThroughKeepersParameters, 'storage' | 'network' | 'signal' | 'onKeepers'> & {
    readonly opening: Opening;
    readonly keyPair: KeyPair;
  },
): Promise<{ readonly outcomes: readonly OpenOutcome[]; readonly keepers: readonly KeeperReport[] }> {
  const { opening } = parameters;
  const { openingId, records: states } = await releaseState(client, opening);
  const failures: OpenOutcome[] = [];
  const readable: { readonly recordId: RecordId; readonly envelope: Envelope }[] = [];
  for (const [index, envelope] of (
    await settle(opening.recordIds, (recordId) => envelopeOf(client, { ...parameters, recordId, states }))
  ).entries()) {
    const recordId = opening.recordIds[index] as RecordId;
    if (envelope instanceof ChartkeyError) failures.push({ status: 'failed', recordId, error: envelope });
    else readable.push({ recordId, envelope });
  }

  const opened: OpenOutcome[] = [];
  const keepers: KeeperReport[] = [];
  for (const [number, records] of Map.groupBy(readable, ({ envelope }) => envelope.epoch)) {
    const asked = await keepersToAsk(client, number);
    if (!asked) continue;
    const { epoch } = asked;
    const onProgress = parameters.onKeepers;
    const gathered = await gatherShares({ ...parameters, ...asked, openingId, records, onProgress });
    keepers.push(...gathered.reports);
    for (const record of records) opened.push(await outcomeOf({ ...parameters, ...record, epoch, gathered }));
  }
  return { outcomes: [...failures, ...opened], keepers };
}

/**
 * The keepers of an epoch, each where it is today, and those of the current epoch that came
 * later: one that left may have handed over its shares to them.
 */
async function keepersToAsk(
  client: ChartkeyClient,
  number: number,
): Promise<{ readonly epoch: KeeperEpoch; readonly successors: readonly Keeper[] } | undefined> {
  const [epoch, current] = await Promise.all([keeperEpoch(client, { epoch: number }), keeperEpoch(client)]);
  if (!epoch || !current || current.epoch === number) return epoch && { epoch, successors: [] };
  const today = new Map(current.keepers.map((keeper) => [keeper.operator, keeper]));
  const keepers = epoch.keepers.map((keeper) => {
    const endpoint = today.get(keeper.operator)?.endpoint ?? keeper.endpoint;
    return { ...keeper, endpoint };
  });
  const before = new Set(epoch.keepers.map(({ operator }) => operator));
  const successors = current.keepers.filter(({ operator }) => !before.has(operator));
  return { epoch: { ...epoch, keepers }, successors };
}

async function envelopeOf(
  client: ChartkeyClient,
  {
    recordId,
    states,
    ...access
  }: Pick<OpenThroughKeepersParameters, 'storage' | 'signal'> & {
    readonly recordId: RecordId;
    readonly states: readonly OpenedState[];
  },
): Promise<Envelope> {
  const record = states.find((state) => state.recordId === recordId);
  if (!record) throw new ChainError('RECORD_UNKNOWN', 'No such record is known.');
  return readEnvelope(client, record, access);
}

async function outcomeOf({
  recordId,
  envelope,
  epoch,
  gathered,
  storage,
}: {
  readonly recordId: RecordId;
  readonly envelope: Envelope;
  readonly epoch: KeeperEpoch;
  readonly gathered: GatheredShares;
  readonly storage: StorageClient;
}): Promise<OpenOutcome> {
  try {
    const shares = gathered.shares.get(recordId) ?? [];
    if (shares.length < envelope.threshold) throw tooFew(recordId, epoch, gathered);
    const contentKey = await combineShares(envelope, shares);
    return {
      status: 'opened',
      recordId,
      record: await openedRecord(recordId, { envelope, contentKey, storage }),
    };
  } catch (error) {
    if (!(error instanceof ChartkeyError)) throw error;
    return { status: 'failed', recordId, error };
  }
}

function tooFew(recordId: RecordId, epoch: KeeperEpoch, { reports, refusals }: GatheredShares): KeeperError {
  const refused = refusals.get(recordId) ?? [];
  const [first] = refused;
  if (first && refused.length > epoch.keepers.length - epoch.threshold) {
    return new KeeperError(
      'KEEPER_REFUSED',
      `The keepers refused: ${first.reason}${first.decision ? ` (${first.decision})` : ''}.`,
    );
  }
  const answered = reports.filter(({ outcome }) => outcome === 'answered').length;
  return new KeeperError(
    'KEEPERS_TOO_FEW',
    `${answered} of ${epoch.keepers.length} keepers answered; ${epoch.threshold} are needed.`,
    {
      retryable: true,
      advice: 'Try again when more keepers are up. Your entry on the log stays valid for an hour.',
    },
  );
}

function refusedOutcome(recordId: RecordId, decision: Decision): OpenOutcome {
  const error = new ChainError('OPENING_REFUSED', describeDecision(decision), {
    advice: 'Ask the patient for access. This attempt stands on their log.',
  });
  return { status: 'refused', recordId, decision, error };
}

/** Each result, or the error of ours that came instead. */
function settle<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<(R | ChartkeyError)[]> {
  return Promise.all(
    items.map(async (item) => {
      try {
        return await work(item);
      } catch (error) {
        if (error instanceof ChartkeyError) return error;
        throw error;
      }
    }),
  );
}
