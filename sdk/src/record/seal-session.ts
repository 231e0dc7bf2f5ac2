import {
  type Binding,
  type BodySealer,
  type ByteSource,
  generateContentKey,
  generateSalt,
  prepareBody,
} from '../envelope/index.ts';
import { ChartkeyError, StorageError } from '../errors.ts';
import {
  type AcknowledgedLeaves,
  type StorageClient,
  type UploadedBody,
  uploadBody,
} from '../storage/index.ts';

/** What one record's body is sealed from, and for whom. */
export type SealTarget = Omit<Binding, 'salt'> & {
  readonly storage: StorageClient;
  readonly source: Blob | ByteSource;
  /** Content bytes. */
  readonly length: number;
};

export type StoredBody = {
  /** A copy, for the caller to wipe. */
  readonly contentKey: Uint8Array;
  readonly binding: Binding;
  readonly floeHeader: Uint8Array;
  readonly stored: UploadedBody;
};

type StoreOptions = {
  readonly onProgress: (done: number) => void;
  readonly signal: AbortSignal | undefined;
};

type Checkpoint = {
  readonly target: SealTarget;
  readonly contentKey: Uint8Array;
  readonly binding: Binding;
  readonly sealer: BodySealer;
  /** Digests of the segments that storage has acknowledged, from the first on. */
  leaves: AcknowledgedLeaves['leaves'];
  nodes: readonly string[];
  stored?: UploadedBody;
};

/**
 * Remembers how far a seal-and-upload came, so that the next `sealRecord` with it goes on there.
 * It goes on only with the same file for the same place; anything else starts over with a new
 * key, so no key ever encrypts two contents. Used up when the record is sealed.
 *
 * Warning: it holds the content key, in memory alone. Don't write it anywhere; close it when the
 * person gives up.
 *
 * @example
 * const session = createSealSession();
 * await sealRecord(client, { …, session }); // storage goes down half-way: throws
 * await sealRecord(client, { …, session }); // goes on at the segment where it stopped
 * session.close();
 */
export type SealSession = {
  /** Ciphertext segments of 256 KiB that need not be sent again. */
  readonly acknowledgedSegments: number;
  /** Forgets everything, key included. A call that is under way ends with `CANCELLED`. */
  close(): void;
};

const inside = new WeakMap<SealSession, SessionState>();

type SessionState = { checkpoint?: Checkpoint | undefined; busy: boolean };

export function createSealSession(): SealSession {
  const state: SessionState = { busy: false };
  const session: SealSession = {
    get acknowledgedSegments() {
      return state.checkpoint?.leaves.length ?? 0;
    },
    close: () => forget(state),
  };
  inside.set(session, state);
  return session;
}

/** Seals and stores the body, from where the session stopped. */
export async function storeBody(
  session: SealSession,
  target: SealTarget,
  options: StoreOptions,
): Promise<StoredBody> {
  const state = inside.get(session);
  if (!state || state.busy) {
    throw new ChartkeyError('INPUT_INVALID', 'A seal session serves one record at a time.');
  }
  state.busy = true;
  try {
    return await goOn(state, target, options);
  } finally {
    state.busy = false;
  }
}

async function goOn(state: SessionState, target: SealTarget, options: StoreOptions): Promise<StoredBody> {
  if (state.checkpoint && !isSame(state.checkpoint.target, target)) forget(state);
  state.checkpoint ??= begin(target);
  const { checkpoint } = state;
  const resumed = checkpoint.leaves.length > 0;
  try {
    checkpoint.stored ??= await upload(checkpoint, target.source, options);
  } catch (error) {
    // Whatever was acknowledged is worth nothing if the nodes no longer have it.
    if (resumed && error instanceof StorageError && !KEPT.has(error.code)) {
      forget(state);
      return goOn(state, target, options);
    }
    throw error;
  }
  // Closed in the meantime, the key here is zeros by now: an envelope around it would open for all.
  if (state.checkpoint !== checkpoint) throw new ChartkeyError('CANCELLED', 'The seal session was closed.');
  const { binding, sealer, stored } = checkpoint;
  const contentKey = Uint8Array.from(checkpoint.contentKey);
  return { contentKey, binding, floeHeader: sealer.floeHeader, stored };
}

/** Failures after which the acknowledged segments are still there. */
const KEPT: ReadonlySet<string> = new Set([
  'STORAGE_UNREACHABLE',
  'STORAGE_FULL',
  'STORAGE_SIGNED_OUT',
  'STORAGE_NOT_ADMITTED',
  'STORAGE_QUOTA',
]);

function begin(target: SealTarget): Checkpoint {
  const contentKey = generateContentKey();
  const { chainId, recordIndex, patient, author, length } = target;
  const binding = { chainId, recordIndex, patient, author, salt: generateSalt() };
  const sealer = prepareBody({ contentKey, binding, length });
  return { target, contentKey, binding, sealer, leaves: [], nodes: [] };
}

function upload(
  checkpoint: Checkpoint,
  source: SealTarget['source'],
  { onProgress, signal }: StoreOptions,
): Promise<UploadedBody> {
  const { sealer, leaves, nodes } = checkpoint;
  // An upload copies what it sends.
  const common = {
    onProgress: ({ done }: { done: number }) => onProgress(done),
    reuseMemory: true,
    ...(signal && { signal }),
  };
  const segments =
    source instanceof Blob
      ? sealer.encrypt({ ...common, source, firstSegment: leaves.length })
      : sealer.encrypt({ ...common, source });
  // A stream can't be read again from its middle.
  const onAcknowledged = (more: AcknowledgedLeaves) => {
    checkpoint.leaves = [...checkpoint.leaves, ...more.leaves];
    checkpoint.nodes = more.nodes;
  };
  return uploadBody(checkpoint.target.storage, {
    segments,
    signal,
    ...(source instanceof Blob && { onAcknowledged }),
    ...(leaves.length > 0 && { resumeFrom: { leaves, nodes } }),
  });
}

/** The same content, as far as anybody can tell without reading it, for the same place. */
function isSame(before: SealTarget, now: SealTarget): boolean {
  return (
    before.storage === now.storage &&
    before.length === now.length &&
    placeOf(before) === placeOf(now) &&
    isSameSource(before.source, now.source)
  );
}

/**
 * A Blob does not change: reading one whose file was changed fails. Another File that was picked
 * anew is the same if name, size and time of the last change are. A stream never is.
 */
function isSameSource(before: SealTarget['source'], now: SealTarget['source']): boolean {
  if (!(before instanceof Blob && now instanceof Blob)) return false;
  if (before === now) return true;
  if (!(before instanceof File && now instanceof File)) return false;
  return before.name === now.name && before.size === now.size && before.lastModified === now.lastModified;
}

function placeOf({ chainId, recordIndex, patient, author }: SealTarget): string {
  return [chainId, recordIndex, patient, author].join().toLowerCase();
}

function forget(state: SessionState): void {
  state.checkpoint?.contentKey.fill(0);
  state.checkpoint = undefined;
}
