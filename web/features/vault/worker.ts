/// <reference lib="webworker" />
import {
  type ChartkeyClient,
  ChartkeyError,
  createKeyBlock,
  createStorageClient,
  describeFile,
  fetchOpening,
  generateOneTimeKeyPair,
  generateRecoveryCode,
  type KeeperNetwork,
  type KeyPair,
  type OpenedRecord as Opened,
  type Opening,
  openKeyBlock,
  openOwnRecord,
  patientKeyBlock,
  publishPublicKey,
  type RecordId,
  recipientOf,
  renewKeyBlock,
  type SealProgress as SdkProgress,
  type StorageClient,
  sealRecord,
  sealRewrapped,
  type UnlockedRing,
  type Unlocker,
} from '@chartkey/sdk';
import { expose } from 'comlink';
import { type Address, bytesToHex, type Hex, sha256 } from 'viem';
import { z } from 'zod';
import { readerOf } from '../../chain/index.ts';
import type { AppConfig } from '../../server/config.ts';
import { type PlainError, packed, plain } from './errors.ts';
import type {
  KeyRequest,
  NewKey,
  OlderRecord,
  OpenedRecord,
  RecordTitle,
  Rewrapped,
  SealProgress,
  SealRequest,
} from './types.ts';

// zod would compile its parsers with `new Function`, which the policy of the page forbids.
z.config({ jitless: true });

/**
 * Where keys and plaintext live while a page is open: a thread of its own, memory only. Keys are
 * non-extractable wherever the runtime has the algorithms itself.
 * Nothing of it is written to any storage of the browser.
 */
type Setup = {
  readonly client: ChartkeyClient;
  readonly storage: StorageClient;
  readonly network: KeeperNetwork;
  readonly idleLockMs: number;
};

/** `block` as it lies on IPFS, `hash` its SHA-256, as on chain. */
type Keys = UnlockedRing & { readonly block: Uint8Array; readonly hash: Hex };

let setup: Setup | undefined;
let keys: Keys | undefined;
/** Made, and not on the chain yet. */
let pending: Keys | undefined;
let lockAt = 0;
let idleTimer: ReturnType<typeof setTimeout> | undefined;
/** Pages that use this worker. */
const pages = new Map<string, (unlocked: Hex | undefined) => void>();
/** Of the key that is unlocked. */
const titlesRead = new Map<RecordId, RecordTitle>();
const openingKeys = new Map<Hex, KeyPair>();
const jobs = new Map<string, AbortController>();

/** One-time keys that are kept for asking keepers again. */
const MAX_OPENING_KEYS = 8;
/** Records are looked at a few at a time, so that a long chart does not start hundreds of requests. */
const AT_ONCE = 6;

const api = {
  configure(config: AppConfig): void {
    setup = {
      client: readerOf(config),
      storage: createStorageClient({ nodes: [{ rpcUrl: '/storage', gatewayUrl: '/storage' }] }),
      network: { urlOf: ({ operator }) => `${self.location.origin}/keepers/${operator}` },
      idleLockMs: config.idleLockSeconds * 1000,
    };
  },

  /** Calls back with the hash of the key that is unlocked, now and whenever that changes. */
  join(page: string, listener: (unlocked: Hex | undefined) => void): void {
    pages.set(page, listener);
    listener(keys?.hash);
  },

  /** A page that goes. With the last one the key goes too. */
  leave(page: string): void {
    pages.delete(page);
    if (pages.size === 0) lock();
  },

  /** Somebody is there. */
  touch(): void {
    if (keys) restartIdleTimer();
  },

  /** Makes a key. It counts once {@link api.adoptKey} was called, after the chain has its hash. */
  async makeKey(request: KeyRequest): Promise<NewKey> {
    const recoveryCode = request.kit === 'new' ? generateRecoveryCode() : undefined;
    const unlockers: Unlocker[] = [];
    if (recoveryCode !== undefined) unlockers.push({ kind: 'code', code: recoveryCode });
    if (request.kit === 'new' && request.prf) unlockers.push({ kind: 'passkey', prf: request.prf });
    const made =
      request.kit === 'new' && request.from === 'nothing'
        ? await createKeyBlock(unlockers)
        : await renewKeyBlock(
            unlockedKeys().block,
            unlockedKeys().ringKey,
            request.kit === 'new' ? unlockers : undefined,
          );
    if (request.kit === 'new') request.prf?.fill(0);
    pending = { ...made, hash: sha256(made.block) };
    return { keyHash: pending.hash, recoveryCode };
  },

  /** Puts the new key where its patient and authors find it. */
  async publishKey(): Promise<void> {
    await publishPublicKey(ready().storage, pendingKeys().block);
  },

  /** Locked in the meantime, it stays so: the chain has the new key either way. */
  adoptKey(): void {
    if (pending) setKeys(pending);
    pending = undefined;
  },

  async unlock(patient: Address, unlocker: Unlocker): Promise<void> {
    const { client, storage } = ready();
    const block = await patientKeyBlock(client, { patient, storage });
    if (!block) throw new ChartkeyError('INPUT_INVALID', 'This chart has no key yet.');
    const ring = await openKeyBlock(block, unlocker);
    if (unlocker.kind === 'passkey') unlocker.prf.fill(0);
    setKeys({ ...ring, block, hash: sha256(block) });
  },

  lock(): void {
    lock();
  },

  /** Which of these are not sealed to the newest key. Those that storage can't bring now are left out. */
  async olderRecords(ids: readonly RecordId[]): Promise<OlderRecord[]> {
    const { client, storage } = ready();
    const [newest, ...older] = unlockedKeys().keyPairs.map(({ publicKeyHash }) => bytesToHex(publicKeyHash));
    const found: OlderRecord[] = [];
    await aFewAtOnce(ids, async (recordId) => {
      const recipient = await recipientOf(client, { recordId, storage }).catch(() => newest);
      if (recipient === newest) return;
      found.push({ recordId, own: recipient !== undefined && older.includes(recipient) });
    });
    return found;
  },

  /** Stores a record's new envelope, sealed to the newest key; the chain does not know it yet. */
  async rewrapOwn(recordId: RecordId): Promise<Rewrapped> {
    const { client, storage } = ready();
    const opened = await openOwnRecord(client, { recordId, keyPairs: unlockedKeys().keyPairs, storage });
    if (!opened) throw notSealedToYou();
    return rewrap(opened);
  },

  /** The same for records that the keepers opened. */
  async rewrapOpened(opening: Opening): Promise<Rewrapped[]> {
    const { client, storage, network } = ready();
    const keyPair = openingKeyOf(opening);
    const { outcomes } = await fetchOpening(client, { storage, network, opening, keyPair });
    const done: Rewrapped[] = [];
    for (const outcome of outcomes) {
      if (outcome.status === 'opened') done.push(await rewrap(outcome.record));
      else if (outcomes.length === 1) throw outcome.error;
    }
    return done;
  },

  async seal(
    { job, file, patient, author }: SealRequest,
    onProgress: (progress: SealProgress) => void,
  ): Promise<RecordId> {
    const { client, storage, network } = ready();
    const controller = new AbortController();
    jobs.set(job, controller);
    try {
      const { recordId } = await sealRecord(client, {
        storage,
        network,
        patient,
        author,
        source: file,
        metadata: await describeFile(file, file.name),
        onProgress: (progress) => onProgress(forScreen(progress)),
        signal: controller.signal,
      });
      return recordId;
    } finally {
      jobs.delete(job);
    }
  },

  cancel(job: string): void {
    jobs.get(job)?.abort();
  },

  /** Titles of the records that the unlocked key opens; others are left out. */
  async titles(ids: readonly RecordId[]): Promise<[RecordId, RecordTitle][]> {
    const found: [RecordId, RecordTitle][] = [];
    await aFewAtOnce(ids, async (recordId) => {
      const title = titlesRead.get(recordId) ?? (await readTitle(recordId));
      if (title) found.push([recordId, title]);
    });
    return found;
  },

  async openOwn(recordId: RecordId): Promise<OpenedRecord> {
    const { client, storage } = ready();
    const opened = await openOwnRecord(client, { recordId, keyPairs: unlockedKeys().keyPairs, storage });
    if (opened) return contentOf(opened);
    throw notSealedToYou();
  },

  async newOpeningKey(): Promise<Hex> {
    const keyPair = await generateOneTimeKeyPair();
    const hash = bytesToHex(keyPair.publicKeyHash);
    openingKeys.set(hash, keyPair);
    const oldest = openingKeys.keys().next().value;
    if (openingKeys.size > MAX_OPENING_KEYS && oldest !== undefined) openingKeys.delete(oldest);
    return hash;
  },

  async openThroughKeepers(opening: Opening): Promise<Outcome> {
    const { client, storage, network } = ready();
    const keyPair = openingKeyOf(opening);
    const { outcomes, keepers } = await fetchOpening(client, { storage, network, opening, keyPair });
    const records: OpenedRecord[] = [];
    const failed: Outcome['failed'][number][] = [];
    for (const outcome of outcomes) {
      try {
        if (outcome.status === 'opened') records.push(await contentOf(outcome.record));
        else failed.push({ recordId: outcome.recordId, error: plain(outcome.error) });
      } catch (error) {
        failed.push({ recordId: outcome.recordId, error: plain(error) });
      }
    }
    const answered = keepers.filter(({ outcome }) => outcome === 'answered').length;
    return { records, failed, keepers: { answered, total: keepers.length } };
  },
};

type Outcome = {
  readonly records: readonly OpenedRecord[];
  readonly failed: readonly { readonly recordId: RecordId; readonly error: PlainError }[];
  readonly keepers: { readonly answered: number; readonly total: number };
};

export type VaultWorker = typeof api;

function ready(): Setup {
  if (!setup) throw new Error('The worker was not configured.');
  return setup;
}

function unlockedKeys(): Keys {
  // A machine that slept has not run its timers.
  if (keys && Date.now() >= lockAt) lock();
  if (!keys) {
    throw new ChartkeyError('INPUT_INVALID', 'Your chart is locked.', {
      advice: 'Unlock it with your passkey or your recovery code.',
    });
  }
  restartIdleTimer();
  return keys;
}

function pendingKeys(): Keys {
  if (pending) return pending;
  throw new ChartkeyError('INPUT_INVALID', 'The new key is gone.', { advice: 'Make it again.' });
}

function setKeys(next: Keys | undefined): void {
  keys = next;
  titlesRead.clear();
  clearTimeout(idleTimer);
  if (keys) restartIdleTimer();
  for (const listener of pages.values()) listener(keys?.hash);
}

function lock(): void {
  pending = undefined;
  setKeys(undefined);
}

function restartIdleTimer(): void {
  const milliseconds = ready().idleLockMs;
  lockAt = Date.now() + milliseconds;
  clearTimeout(idleTimer);
  idleTimer = setTimeout(lock, milliseconds);
}

function openingKeyOf(opening: Opening): KeyPair {
  const keyPair = openingKeys.get(opening.keyHash);
  if (keyPair) return keyPair;
  throw new ChartkeyError('OPENING_REFUSED', 'The key of this opening is gone.', {
    advice: 'Open the records again.',
  });
}

async function rewrap(opened: Opened): Promise<Rewrapped> {
  const { client, storage, network } = ready();
  const [{ publicKey }] = unlockedKeys().keyPairs;
  const to = { opened, patientPublicKey: publicKey, network, storage };
  return { recordId: opened.recordId, envelopeDigest: await sealRewrapped(client, to) };
}

function notSealedToYou(): ChartkeyError {
  return new ChartkeyError('SEAL_BROKEN', 'This record is not sealed to your key.', {
    advice: 'Open it through the keepers instead.',
  });
}

async function aFewAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const todo = items.values();
  const worker = async () => {
    for (const item of todo) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function titleOf({ metadata }: Opened): RecordTitle {
  const { title, mediaType, fhirType, created, length } = metadata;
  return { title, mediaType, fhirType, created, length };
}

/** Undefined for a record that is not sealed to this key, or that storage can't bring now. */
async function readTitle(recordId: RecordId): Promise<RecordTitle | undefined> {
  const { client, storage } = ready();
  const ring = unlockedKeys();
  const { keyPairs } = ring;
  const opened = await openOwnRecord(client, { recordId, keyPairs, storage }).catch(() => undefined);
  if (!opened || keys !== ring) return undefined;
  const title = titleOf(opened);
  titlesRead.set(recordId, title);
  return title;
}

/** Collected into a Blob, which the browser may keep on disk: only after the last byte was verified. */
async function contentOf(opened: Opened): Promise<OpenedRecord> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of opened.content()) parts.push(part);
  return { ...titleOf(opened), recordId: opened.recordId, content: new Blob(parts) };
}

function forScreen({ stage, done, total }: SdkProgress): SealProgress {
  return { stage: stage === 'attesting' ? 'confirming' : 'encrypting', done, total };
}

/** Errors leave the worker as words only. */
function guarded<T extends Record<string, (...args: never[]) => unknown>>(methods: T): T {
  const wrapped = Object.entries(methods).map(([name, method]) => [
    name,
    async (...args: never[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw packed(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

// One for all pages of this browser where that exists: unlocked once, locked once.
if ('onconnect' in self) {
  (self as unknown as SharedWorkerGlobalScope).onconnect = ({ ports: [port] }) => {
    if (port) expose(guarded(api), port);
  };
} else {
  expose(guarded(api));
}
