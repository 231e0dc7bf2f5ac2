import type { Keeper, KeeperEpoch, Opening } from '../contracts/index.ts';
import {
  type Envelope,
  type KeeperShare,
  type KeyPair,
  type OpeningId,
  openRelease,
  type RecordId,
} from '../envelope/index.ts';
import { ChartkeyError, KeeperError } from '../errors.ts';
import { toBase64Url } from './base64url.ts';
import { type KeeperNetwork, requestShares } from './client.ts';
import { MAX_RECORDS_PER_REQUEST, type Refusal, type SharesResponse } from './protocol.ts';

/** A keeper takes bodies of 2 MiB by default; this leaves room for what is around the envelopes. */
const MAX_ENVELOPES_BYTES = 1_500_000;

export type GatherSharesParameters = {
  readonly network: KeeperNetwork;
  /** The epoch that all these envelopes name. */
  readonly epoch: KeeperEpoch;
  readonly opening: Opening;
  readonly openingId: OpeningId;
  readonly keyPair: KeyPair;
  readonly records: readonly { readonly recordId: RecordId; readonly envelope: Envelope }[];
  readonly signal?: AbortSignal | undefined;
};

/** What became of asking one keeper. */
export type KeeperReport = {
  readonly keeper: Keeper;
  readonly outcome: 'answered' | 'unreachable' | 'wrong-answer' | 'lied' | 'not-needed';
};

export type GatheredShares = {
  /** The shares of each record: at least k, or fewer with the reasons in `refusals`. */
  readonly shares: ReadonlyMap<RecordId, readonly KeeperShare[]>;
  readonly refusals: ReadonlyMap<
    RecordId,
    readonly { readonly reason: Refusal; readonly decision?: string | undefined }[]
  >;
  readonly reports: readonly KeeperReport[];
};

/**
 * Asks all keepers of the epoch at once and stops as soon as each record has k shares that
 * match their commitments. A keeper that is down or lies delays nothing; a lie is named.
 */
export async function gatherShares(parameters: GatherSharesParameters): Promise<GatheredShares> {
  const { epoch, records } = parameters;
  const enough = new AbortController();
  const either = parameters.signal ? AbortSignal.any([parameters.signal, enough.signal]) : enough.signal;
  const shares = new Map<RecordId, KeeperShare[]>(records.map(({ recordId }) => [recordId, []]));
  const refusals = new Map<RecordId, { reason: Refusal; decision?: string | undefined }[]>();

  const askOne = async (keeper: Keeper, index: number): Promise<KeeperReport> => {
    let outcome: KeeperReport['outcome'] = 'answered';
    try {
      for (const part of partsOf(records)) {
        const answer = await requestShares(
          { network: parameters.network, keeper, signal: either },
          wireOf(parameters, part),
        );
        const lied = await take(answer, index);
        if (lied) outcome = 'lied';
      }
    } catch (error) {
      if (enough.signal.aborted) return { keeper, outcome: 'not-needed' };
      if (parameters.signal?.aborted) throw new ChartkeyError('CANCELLED', 'The opening was cancelled.');
      if (!(error instanceof KeeperError)) throw error;
      outcome = error.retryable ? 'unreachable' : 'wrong-answer';
    }
    return { keeper, outcome };
  };

  /** Keeps what verifies. @returns whether anything did not. */
  const take = async (answer: SharesResponse, index: number): Promise<boolean> => {
    let lied = false;
    for (const result of answer.results) {
      const record = records.find(({ recordId }) => recordId === result.recordId);
      if (!record) continue;
      if (result.status === 'refused') {
        const list = refusals.get(record.recordId) ?? [];
        refusals.set(record.recordId, [...list, { reason: result.reason, decision: result.decision }]);
        continue;
      }
      try {
        const share = await openRelease({
          ...parameters,
          envelope: record.envelope,
          index,
          sealed: result.sealed,
        });
        shares.get(record.recordId)?.push(share);
      } catch (error) {
        if (!(error instanceof ChartkeyError)) throw error;
        lied = true;
      }
    }
    if ([...shares.values()].every((list) => list.length >= epoch.threshold)) enough.abort();
    return lied;
  };

  const reports = await Promise.all(epoch.keepers.map(askOne));
  return { shares, refusals, reports };
}

function wireOf(
  { opening, keyPair }: GatherSharesParameters,
  records: GatherSharesParameters['records'],
): unknown {
  const { keyHash: _follows, ...named } = opening;
  return {
    opening: named,
    publicKey: toBase64Url(keyPair.publicKey),
    records: records.map(({ recordId, envelope }) => ({ recordId, envelope: toBase64Url(envelope.bytes) })),
  };
}

/** Requests of few enough records and few enough bytes for a keeper to take. */
function* partsOf(records: GatherSharesParameters['records']): Generator<GatherSharesParameters['records']> {
  const perRecord = Math.max(1, ...records.map(({ envelope }) => Math.ceil((envelope.bytes.length * 4) / 3)));
  const size = Math.max(1, Math.min(MAX_RECORDS_PER_REQUEST, Math.floor(MAX_ENVELOPES_BYTES / perRecord)));
  for (let i = 0; i < records.length; i += size) yield records.slice(i, i + size);
}
