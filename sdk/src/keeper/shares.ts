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
import { DEFAULT_TIMEOUT_MS, type KeeperNetwork, requestShares } from './client.ts';
import { inOrderOfHealth, noteFailure, noteSuccess } from './health.ts';
import { MAX_RECORDS_PER_REQUEST, type Refusal, type SharesResponse } from './protocol.ts';

/** A keeper takes bodies of 2 MiB by default; this leaves room for what is around the envelopes. */
const MAX_ENVELOPES_BYTES = 1_500_000;

/** Between two questions to a keeper that can't answer now, in milliseconds; each pause twice the one before. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 1_000;
/** With all of them down for so long, somebody is told, in milliseconds. */
const RETRY_FOR_MS = 5_000;

export type GatherSharesParameters = {
  readonly network: KeeperNetwork;
  /** The epoch that all these envelopes name. */
  readonly epoch: KeeperEpoch;
  /** Keepers of later epochs: they may have been handed shares by one that left. */
  readonly successors?: readonly Keeper[] | undefined;
  readonly opening: Opening;
  readonly openingId: OpeningId;
  readonly keyPair: KeyPair;
  readonly records: readonly { readonly recordId: RecordId; readonly envelope: Envelope }[];
  readonly onProgress?: ((progress: KeeperProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** "2 of 3 keepers answered; 2 are needed." */
export type KeeperProgress = {
  readonly answered: number;
  readonly total: number;
  readonly needed: number;
};

/** What became of asking one keeper. */
export type KeeperReport = {
  readonly keeper: Keeper;
  /** `lied`: it sent what does not verify. `not-needed`: the others were quicker. */
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
 * Asks all keepers of the epoch at once and stops as soon as each record has k shares that match
 * their commitments. A keeper that is down or lies delays nothing; a lie is named. One that can't
 * answer now is asked again, with growing pauses, for as long as the others are not enough.
 */
export async function gatherShares(parameters: GatherSharesParameters): Promise<GatheredShares> {
  return new Gathering(parameters).run();
}

type Taken = { readonly lied: boolean; readonly useful: boolean };

class Gathering {
  readonly #parameters: GatherSharesParameters;
  readonly #enough = new AbortController();
  readonly #signal: AbortSignal;
  readonly #shares: Map<RecordId, Map<number, KeeperShare>>;
  readonly #refusals = new Map<RecordId, { reason: Refusal; decision?: string | undefined }[]>();
  /** The requests, alike for every keeper. */
  readonly #bodies: readonly unknown[];
  readonly #lastTry = performance.now() + RETRY_FOR_MS;
  readonly #answered = new Set<Keeper>();

  constructor(parameters: GatherSharesParameters) {
    this.#parameters = parameters;
    const { signal } = parameters;
    this.#signal = signal ? AbortSignal.any([signal, this.#enough.signal]) : this.#enough.signal;
    this.#bodies = partsOf(parameters.records).map((part) => wireOf(parameters, part));
    this.#shares = new Map(parameters.records.map(({ recordId }) => [recordId, new Map()]));
  }

  async run(): Promise<GatheredShares> {
    const { epoch, successors = [] } = this.#parameters;
    const own = epoch.keepers.map((keeper, index) => ({ keeper, index }));
    // A successor says whose share it has; its commitment shows whether that is true.
    const others = successors.map((keeper) => ({ keeper, index: undefined }));
    this.#tell();
    const reports = await Promise.all(
      inOrderOfHealth([...own, ...others], ({ keeper }) => this.#urlOf(keeper)).map(({ item, pauseMs }) =>
        this.#askOne(item.keeper, item.index, pauseMs),
      ),
    );
    const shares = new Map([...this.#shares].map(([id, byIndex]) => [id, [...byIndex.values()]] as const));
    const places = [...own, ...others].map(({ keeper }) => keeper);
    reports.sort((a, b) => places.indexOf(a.keeper) - places.indexOf(b.keeper));
    // A successor that was handed nothing is nobody's keeper here.
    const told = reports.filter(({ keeper, outcome }) => {
      return !successors.includes(keeper) || this.#answered.has(keeper) || outcome === 'lied';
    });
    return { shares, refusals: this.#refusals, reports: told };
  }

  async #askOne(keeper: Keeper, index: number | undefined, pauseMs: number): Promise<KeeperReport> {
    try {
      if (pauseMs > 0) await pause(pauseMs, this.#signal);
      // All at once: the keeper works on the next part while this one is opened here.
      const parts = this.#bodies.map(async (body) => {
        const taken = this.#take(await this.#answerOf(keeper, body), index);
        return this.#note(keeper, await taken);
      });
      const lied = (await Promise.all(parts)).includes(true);
      const outcome = lied ? 'lied' : 'answered';
      if (lied) noteFailure(this.#urlOf(keeper));
      else noteSuccess(this.#urlOf(keeper));
      return { keeper, outcome };
    } catch (error) {
      if (this.#enough.signal.aborted) {
        return { keeper, outcome: this.#answered.has(keeper) ? 'answered' : 'not-needed' };
      }
      if (this.#parameters.signal?.aborted)
        throw new ChartkeyError('CANCELLED', 'The opening was cancelled.');
      if (!(error instanceof KeeperError)) throw error;
      noteFailure(this.#urlOf(keeper));
      return { keeper, outcome: error.retryable ? 'unreachable' : 'wrong-answer' };
    }
  }

  /**
   * Asks again what can't be answered now, as with a keeper that is just starting, until one
   * time-out is used up; a keeper that says nothing uses it up by itself.
   */
  async #answerOf(keeper: Keeper, body: unknown): Promise<SharesResponse> {
    const { network } = this.#parameters;
    const deadline = performance.now() + (network.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const timeoutMs = Math.max(1, Math.round(deadline - performance.now()));
      try {
        return await requestShares(
          { network: { ...network, timeoutMs }, keeper, signal: this.#signal },
          body,
        );
      } catch (error) {
        const worthIt = error instanceof KeeperError && error.retryable && !this.#signal.aborted;
        if (!worthIt || performance.now() + pauseMs >= Math.min(deadline, this.#lastTry)) throw error;
        await pause(pauseMs, this.#signal);
      }
    }
  }

  /** Counts a keeper as one that answered, as long as nothing of it was a lie. @returns whether it was */
  #note(keeper: Keeper, { lied, useful }: Taken): boolean {
    if (lied) this.#answered.delete(keeper);
    else if (useful) this.#answered.add(keeper);
    this.#tell();
    if (this.#isEnough()) this.#enough.abort();
    return lied;
  }

  /** Keeps what verifies. */
  async #take(answer: SharesResponse, index: number | undefined): Promise<Taken> {
    let lied = false;
    let gave = false;
    for (const result of answer.results) {
      const record = this.#parameters.records.find(({ recordId }) => recordId === result.recordId);
      if (!record) continue;
      if (result.status === 'refused') {
        // That a successor was handed nothing says nothing about the record.
        if (index !== undefined) this.#refused(record.recordId, result);
        continue;
      }
      const place = index ?? result.index;
      try {
        const { envelope } = record;
        const share = await openRelease({
          ...this.#parameters,
          envelope,
          index: place,
          sealed: result.sealed,
        });
        this.#shares.get(record.recordId)?.set(place, share);
        gave = true;
      } catch (error) {
        if (!(error instanceof ChartkeyError)) throw error;
        lied = true;
      }
    }
    // A successor that was handed nothing has not answered for anybody.
    return { lied, useful: gave || index !== undefined };
  }

  #refused(recordId: RecordId, { reason, decision }: { reason: Refusal; decision?: string | undefined }) {
    const list = this.#refusals.get(recordId) ?? [];
    this.#refusals.set(recordId, [...list, { reason, decision }]);
  }

  #isEnough(): boolean {
    const { threshold } = this.#parameters.epoch;
    return [...this.#shares.values()].every((byIndex) => byIndex.size >= threshold);
  }

  #tell(): void {
    const { epoch, onProgress } = this.#parameters;
    const total = epoch.keepers.length;
    onProgress?.({ answered: Math.min(this.#answered.size, total), total, needed: epoch.threshold });
  }

  #urlOf(keeper: Keeper): string {
    return this.#parameters.network.urlOf(keeper);
  }
}

/** Ends early, with an error, when the signal does. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
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

/** Requests of few enough records and few enough bytes for a keeper to take, all about as large. */
function partsOf(records: GatherSharesParameters['records']): GatherSharesParameters['records'][] {
  const perRecord = Math.max(1, ...records.map(({ envelope }) => Math.ceil((envelope.bytes.length * 4) / 3)));
  const most = Math.max(1, Math.min(MAX_RECORDS_PER_REQUEST, Math.floor(MAX_ENVELOPES_BYTES / perRecord)));
  const size = Math.ceil(records.length / Math.ceil(records.length / most));
  return Array.from({ length: Math.ceil(records.length / size) }, (_, i) =>
    records.slice(i * size, (i + 1) * size),
  );
}
