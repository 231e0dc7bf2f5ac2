import {
  type ChartkeyClient,
  ChartkeyError,
  createSealSession,
  type SealedRecord,
  type SealRecordParameters,
  type SealSession,
  sealRecord,
} from '@chartkey/sdk';

/** Pauses before an interrupted upload goes on by itself; what was stored in between starts them anew. */
const RETRY_AFTER_MS: readonly number[] = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000];

type Attempt = {
  /** Stays the same when the person tries again, so that the upload goes on where it stopped. */
  readonly id: string;
  readonly page: string;
  readonly onWaiting: () => void;
};

export type Sealer = {
  /** Seals, and after an interruption goes on at the segment where it stopped, by itself for a while. */
  readonly seal: (
    client: ChartkeyClient,
    parameters: SealRecordParameters,
    attempt: Attempt,
  ) => Promise<SealedRecord>;
  /** The person gave up: the content key that was kept for going on is wiped. */
  readonly forget: (id: string) => void;
  /** The same for everything that a page had begun. */
  readonly forgetPage: (page: string) => void;
};

type Begun = { readonly page: string; readonly session: SealSession; readonly stop: AbortController };

export function createSealer(): Sealer {
  const begun = new Map<string, Begun>();
  const forget = (id: string) => {
    const { stop, session } = begun.get(id) ?? {};
    stop?.abort();
    session?.close();
    begun.delete(id);
  };
  return {
    async seal(client, parameters, { id, page, onWaiting }) {
      // A stream is gone once it was read: there is nothing to go on with.
      if (!(parameters.source instanceof Blob)) return sealRecord(client, parameters);
      const { session } = begun.get(id) ?? { session: createSealSession() };
      const stop = new AbortController();
      begun.set(id, { page, session, stop });
      const signal = parameters.signal ? AbortSignal.any([parameters.signal, stop.signal]) : stop.signal;
      const sealed = await persist(session, onWaiting, signal, () =>
        sealRecord(client, { ...parameters, session, signal }),
      );
      begun.delete(id);
      return sealed;
    },
    forget,
    forgetPage(gone) {
      for (const [id, { page }] of begun) if (page === gone) forget(id);
    },
  };
}

async function persist<T>(
  session: SealSession,
  onWaiting: () => void,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  let failures = 0;
  for (;;) {
    const before = session.acknowledgedSegments;
    try {
      return await work();
    } catch (error) {
      const { acknowledgedSegments } = session;
      if (acknowledgedSegments > before) failures = 0;
      const delay = RETRY_AFTER_MS[failures++];
      // With nothing stored yet there is nothing to go on with: the person hears it at once.
      if (acknowledgedSegments === 0) throw error;
      if (delay === undefined || signal.aborted || !isPassing(error)) throw error;
      onWaiting();
      await pause(delay, signal);
    }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof ChartkeyError && error.retryable;
}

/** @throws ChartkeyError `CANCELLED` */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new ChartkeyError('CANCELLED', 'The upload was cancelled.'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
