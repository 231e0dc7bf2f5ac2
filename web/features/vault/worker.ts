/// <reference lib="webworker" />
import {
  addUnlocker,
  alreadyThere,
  type ChartkeyClient,
  ChartkeyError,
  createKeyBlock,
  describeFile,
  type ExportProgress,
  exportAge,
  exportChart,
  fetchOpening,
  generateOneTimeKeyPair,
  generateRecoveryCode,
  type IndexedRecord,
  importOpensWith,
  importRecords,
  inspectImport,
  type KeeperNetwork,
  type KeyPair,
  type MadeKeyBlock,
  type OpenedRecord as Opened,
  type Opening,
  openKeyBlock,
  openOwnRecord,
  patientKeyBlock,
  publishPatientKey,
  type RecordId,
  recipientOf,
  renewKeyBlock,
  type SealProgress as SdkProgress,
  type SignInMessage,
  type StorageClient,
  sealRewrapped,
  type UnlockedRing,
  type Unlocker,
  type UnsignedRequest,
} from '@chartkey/sdk';
import { expose } from 'comlink';
import { type Address, bytesToHex, type Hex, sha256 } from 'viem';
import { z } from 'zod';
import { readerOf } from '../../chain/index.ts';
import type { AppConfig } from '../../server/config.ts';
import { type PlainError, packed, plain } from './errors.ts';
import type {
  EncryptRequest,
  Exported,
  ExportRequest,
  ImportPreview,
  ImportRequest,
  InspectRequest,
  KeyRequest,
  NewKey,
  OlderRecord,
  OpenedRecord,
  RecordTitle,
  Rewrapped,
  SealedImport,
  SealProgress,
  SealRequest,
  Shift,
  ShiftEnd,
  SignedIn,
  VaultState,
} from './types.ts';
import { collected, writeOut } from './worker-files.ts';
import { createSealer } from './worker-seal.ts';
import { createShiftKeeper } from './worker-shift.ts';
import { createStores, type Stores } from './worker-stores.ts';

// zod would compile its parsers with `new Function`, which the policy of the page forbids.
z.config({ jitless: true });

/**
 * Where keys and plaintext live while a page is open: a thread of its own, memory only. Keys are
 * non-extractable wherever the runtime has the algorithms itself.
 * Nothing of it is written to any storage of the browser.
 */
type Setup = {
  readonly config: string;
  readonly client: ChartkeyClient;
  readonly storage: StorageClient;
  readonly stores: Stores;
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
/** What somebody chose in this browser; never longer than the site allows. */
let chosenIdleMs = Number.POSITIVE_INFINITY;
/** Something that the keepers opened may be on a screen, so nobody being there matters without a key too. */
let shown = false;
/** How often it was locked: pages clear what they show when it changes. */
let locks = 0;
/** Pages that use this worker. */
const pages = new Map<string, (state: VaultState) => void>();
/** Of the key that is unlocked. */
const titlesRead = new Map<RecordId, RecordTitle>();
const openingKeys = new Map<Hex, KeyPair>();
/** `needsKey`: locking ends it. */
const jobs = new Map<string, { readonly controller: AbortController; readonly needsKey: boolean }>();
const sealer = createSealer();
const shifts = createShiftKeeper(tellPages);

/** One-time keys that are kept for asking keepers again. */
const MAX_OPENING_KEYS = 8;
/** Records are looked at a few at a time, so that a long chart does not start hundreds of requests. */
const AT_ONCE = 6;

const api = {
  configure(config: AppConfig): void {
    // A second page brings the same; uploads go on only with the client that they began with.
    if (setup?.config === JSON.stringify(config)) return;
    const stores = createStores(config.deployment.chainId);
    setup = {
      config: JSON.stringify(config),
      client: readerOf(config),
      storage: stores.reading,
      stores,
      network: { urlOf: ({ operator }) => `${self.location.origin}/keepers/${operator}` },
      idleLockMs: config.idleLockSeconds * 1000,
    };
  },

  /** Calls back with what is unlocked, now and whenever that changes. */
  join(page: string, listener: (state: VaultState) => void): void {
    pages.set(page, listener);
    listener(stateNow());
  },

  /** A page that goes. With the last one the key goes too. */
  leave(page: string): void {
    pages.delete(page);
    sealer.forgetPage(page);
    if (pages.size > 0) return;
    lock();
    void setup?.stores.signOut();
  },

  /** From now on it locks after so many seconds without anybody, if the site doesn't say fewer. */
  lockAfter(seconds: number): void {
    chosenIdleMs = seconds * 1000;
    if (keys || shown || shifts.standing()) restartIdleTimer();
  },

  /** Somebody is there. */
  touch(): void {
    if (keys || shown || shifts.standing()) restartIdleTimer();
  },

  /** Makes a key. It counts once {@link api.adoptKey} was called, after the chain has its hash. */
  async makeKey(request: KeyRequest): Promise<NewKey> {
    const recoveryCode = request.kit === 'new' ? generateRecoveryCode() : undefined;
    const made = await newKeyBlock(request, recoveryCode).finally(() => {
      if ('prf' in request) request.prf?.fill(0);
    });
    pending = { ...made, hash: sha256(made.block) };
    return { keyHash: pending.hash, recoveryCode };
  },

  /** Puts the new key where its patient and authors find it. */
  async publishKey(patient: Address): Promise<void> {
    await publishPatientKey(ready().storage, { patient, keyBlock: pendingKeys().block });
  },

  /** Locked in the meantime, it stays so: the chain has the new key either way. */
  async adoptKey(patient: Address): Promise<void> {
    const adopted = pending;
    pending = undefined;
    if (!adopted) return;
    setKeys(adopted);
    const { storage } = ready();
    // Whoever could not be told now stores it as soon as they see the chain name it.
    await publishPatientKey(storage, { patient, keyBlock: adopted.block }).catch(() => undefined);
  },

  /**
   * Before something is stored: the messages that `wallet` has to sign for it, which are none while a
   * session lasts, and none for a patient whose own key is unlocked.
   */
  storageSignIn(author: Address, wallet: Address): Promise<SignInMessage[]> {
    return ready().stores.signIn(author, wallet, keys?.keyPairs[0]);
  },

  handInSignIn(author: Address, signed: SignedIn): Promise<void> {
    return ready().stores.handIn(author, signed);
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
  async rewrapOwn(recordId: RecordId, patient: Address): Promise<Rewrapped> {
    const { client, storage } = ready();
    const opened = await openOwnRecord(client, { recordId, keyPairs: unlockedKeys().keyPairs, storage });
    if (!opened) throw notSealedToYou();
    return rewrap(opened, patient);
  },

  /** The same for records that the keepers opened. */
  async rewrapOpened(opening: Opening, patient: Address): Promise<Rewrapped[]> {
    const { client, storage, network } = ready();
    const keyPair = openingKeyOf(opening);
    const { outcomes } = await fetchOpening(client, { storage, network, opening, keyPair });
    const done: Rewrapped[] = [];
    for (const outcome of outcomes) {
      if (outcome.status === 'opened') done.push(await rewrap(outcome.record, patient));
      else if (outcomes.length === 1) throw outcome.error;
    }
    return done;
  },

  /** Stores a file as a record. Interrupted, it goes on where it stopped; the chain does not know it yet. */
  seal(
    { job, id, page, file, patient, author, described }: SealRequest,
    onProgress: (progress: SealProgress) => void,
  ): Promise<RecordId> {
    return asJob(job, { needsKey: false }, async (signal) => {
      const { client, stores, network } = ready();
      const storage = stores.of(author);
      let last: SealProgress = { stage: 'encrypting', done: 0, total: file.size };
      const tell = (progress: SealProgress) => {
        last = progress;
        onProgress(progress);
      };
      const metadata = { ...(await describeFile(file, file.name)), ...described };
      const { recordId } = await sealer.seal(
        client,
        {
          ...{ storage, network, patient, author, source: file, metadata, signal },
          onProgress: (progress) => tell(forScreen(progress)),
        },
        { id, page, onWaiting: () => tell({ ...last, stage: 'waiting' }) },
      );
      return recordId;
    });
  },

  /** The file was taken off the list. */
  forgetSeal(id: string): void {
    sealer.forget(id);
  },

  cancel(job: string): void {
    jobs.get(job)?.controller.abort();
  },

  /** Titles of the records that the unlocked key opens; others are left out. */
  async titles(records: readonly IndexedRecord[]): Promise<[RecordId, RecordTitle][]> {
    const found: [RecordId, RecordTitle][] = [];
    await aFewAtOnce(records, async (record) => {
      const { recordId } = record;
      const title = titlesRead.get(recordId) ?? (await readTitle(recordId, record));
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

  /** The whole chart into one archive. Reading it keeps the chart unlocked; locking ends it. */
  exportChart(
    { job, target, patient, records, to, folderNames }: ExportRequest,
    onProgress: (progress: ExportProgress) => void,
  ): Promise<Exported> {
    return asJob(job, { needsKey: true }, async (signal) => {
      const { client, storage } = ready();
      const { keyPairs } = unlockedKeys();
      const { chainId, records: recordIndex } = client.deployment;
      let missing = 0;
      const open = async (recordId: RecordId) => {
        const opened = await openOwnRecord(client, { recordId, keyPairs, storage, signal });
        if (opened) return opened;
        throw notSealedToYou();
      };
      const archive = exportChart(
        {
          ...{ chainId, recordIndex, patient, records, open },
          folderName: (compartment) => folderNames[compartment] ?? `Folder ${compartment + 1}`,
        },
        {
          signal,
          onProgress: (progress) => {
            if (keys) restartIdleTimer();
            missing = progress.missing;
            onProgress(progress);
          },
        },
      );
      const blob = await writeOut(to ? exportAge(archive, to) : archive, target);
      return { missing, blob };
    });
  },

  /** One record's content as a file for the age tool. */
  encryptFile({ job, target, content, to }: EncryptRequest): Promise<Blob | undefined> {
    return asJob(job, { needsKey: false }, (signal) =>
      writeOut(exportAge(untilCancelled(content.stream(), signal), to), target),
    );
  },

  importOpensWith(file: File): ReturnType<typeof importOpensWith> {
    return importOpensWith(file);
  },

  /** Reads an archive to its end and says what is in it. Nothing is changed anywhere. */
  inspectImport(
    { job, file, opening, present }: InspectRequest,
    onProgress: (progress: { readonly done: number; readonly total: number }) => void,
  ): Promise<ImportPreview> {
    return asJob(job, { needsKey: false }, async (signal) => {
      const chosen = { file, name: file.name, opening };
      const preview = await inspectImport(chosen, { signal, onProgress });
      const chart = await Promise.all(present.map(presentRecord));
      const there = await alreadyThere(preview.records, chart, { signal });
      return { ...preview, there: [...there] };
    });
  },

  /** Seals records out of an archive anew. Those that are done are told one by one: they stay done. */
  importRecords(
    { job, page, file, opening, records, patient, author }: ImportRequest,
    onSealed: (sealed: SealedImport) => void,
    onProgress: (progress: SealProgress & { readonly path: string }) => void,
  ): Promise<void> {
    return asJob(job, { needsKey: false }, async (signal) => {
      const { client, stores, network } = ready();
      const storage = stores.of(author);
      const sealed = importRecords(client, {
        ...{ file, name: file.name, opening, records, storage, network, patient, author, signal },
        // Trying again by hand reads the archive anew, so nothing is kept for that.
        seal: ({ path, metadata }, parameters) =>
          sealer
            .seal(client, parameters, {
              ...{ id: `${job} ${path}`, page },
              onWaiting: () => onProgress({ path, stage: 'waiting', done: 0, total: metadata.length }),
            })
            .finally(() => sealer.forget(`${job} ${path}`)),
        onProgress: ({ path }, progress) => onProgress({ path, ...forScreen(progress) }),
      });
      for await (const { record, recordId } of sealed) onSealed({ path: record.path, recordId });
    });
  },

  newShiftKey(): Address {
    return shifts.newKey();
  },

  /** From now on its key signs openings; until it ends, or this is locked. */
  beginShift(shift: Shift): void {
    shifts.begin(shift);
    restartIdleTimer();
  },

  /** Its key is gone from this moment on. */
  endShift(why: ShiftEnd): void {
    shifts.end(why);
  },

  signOpening(request: UnsignedRequest): Promise<Hex> {
    return shifts.sign(ready().client.deployment, request);
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
    if (records.length > 0) shown = true;
    restartIdleTimer();
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

function newKeyBlock(request: KeyRequest, recoveryCode: string | undefined): Promise<MadeKeyBlock> {
  if (request.kit === 'keep') return renewKeyBlock(unlockedKeys().block, unlockedKeys().ringKey);
  if (request.kit === 'add-passkey') {
    const added = { kind: 'passkey', prf: request.prf } as const;
    return addUnlocker(unlockedKeys().block, { kind: 'code', code: request.code }, added);
  }
  const unlockers: Unlocker[] = [];
  if (recoveryCode !== undefined) unlockers.push({ kind: 'code', code: recoveryCode });
  if (request.prf) unlockers.push({ kind: 'passkey', prf: request.prf });
  if (request.from === 'nothing') return createKeyBlock(unlockers);
  return renewKeyBlock(unlockedKeys().block, unlockedKeys().ringKey, unlockers);
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
  tellPages();
}

function tellPages(): void {
  for (const listener of pages.values()) listener(stateNow());
}

function stateNow(): VaultState {
  return { unlocked: keys?.hash, locks, shift: shifts.standing(), shiftEnded: shifts.ended() };
}

/** Takes keys away, a shift's too, and what they opened: one-time keys, and what is on a screen. */
function lock(): void {
  pending = undefined;
  openingKeys.clear();
  shifts.end('locked');
  shown = false;
  locks++;
  for (const { controller, needsKey } of jobs.values()) if (needsKey) controller.abort();
  setKeys(undefined);
}

function restartIdleTimer(): void {
  const milliseconds = Math.min(ready().idleLockMs, chosenIdleMs);
  lockAt = Date.now() + milliseconds;
  clearTimeout(idleTimer);
  idleTimer = setTimeout(lock, milliseconds);
}

async function asJob<T>(
  job: string,
  { needsKey }: { readonly needsKey: boolean },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  jobs.set(job, { controller, needsKey });
  try {
    return await work(controller.signal);
  } finally {
    jobs.delete(job);
  }
}

async function* untilCancelled(stream: ReadableStream<Uint8Array>, signal: AbortSignal) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) throw new ChartkeyError('CANCELLED', 'The download was cancelled.');
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** What of one's own chart can be compared with an archive; nothing of it while locked. */
async function presentRecord(recordId: RecordId) {
  const { client, storage } = ready();
  const title = keys && (titlesRead.get(recordId) ?? (await readTitle(recordId)));
  return {
    recordId,
    length: title?.length ?? -1,
    open: async () => {
      const { keyPairs } = unlockedKeys();
      const opened = await openOwnRecord(client, { recordId, keyPairs, storage });
      if (opened) return opened;
      throw notSealedToYou();
    },
  };
}

function openingKeyOf(opening: Opening): KeyPair {
  const keyPair = openingKeys.get(opening.keyHash);
  if (keyPair) return keyPair;
  throw new ChartkeyError('OPENING_REFUSED', 'The key of this opening is gone.', {
    advice: 'Open the records again.',
  });
}

async function rewrap(opened: Opened, patient: Address): Promise<Rewrapped> {
  const { client, stores, network } = ready();
  const [{ publicKey }] = unlockedKeys().keyPairs;
  const to = { opened, patientPublicKey: publicKey, network, storage: stores.of(patient) };
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
async function readTitle(recordId: RecordId, known?: IndexedRecord): Promise<RecordTitle | undefined> {
  const { client, storage } = ready();
  const ring = unlockedKeys();
  const { keyPairs } = ring;
  const opened = await openOwnRecord(client, { recordId, keyPairs, storage, known }).catch(() => undefined);
  if (!opened || keys !== ring) return undefined;
  const title = titleOf(opened);
  titlesRead.set(recordId, title);
  return title;
}

/** Collected into a Blob, which the browser may keep on disk: only after the last byte was verified. */
async function contentOf(opened: Opened): Promise<OpenedRecord> {
  return { ...titleOf(opened), recordId: opened.recordId, content: await collected(opened.content()) };
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
