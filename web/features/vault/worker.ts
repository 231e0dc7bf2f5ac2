/// <reference lib="webworker" />
import {
  type ChartkeyClient,
  ChartkeyError,
  createStorageClient,
  decodeRecoveryCode,
  describeFile,
  encodeRecoveryCode,
  fetchOpening,
  generateOneTimeKeyPair,
  type KeeperNetwork,
  type KeyPair,
  keyPairFromSeed,
  type OpenedRecord as Opened,
  type Opening,
  openOwnRecord,
  publishPublicKey,
  type RecordId,
  type SealProgress as SdkProgress,
  SEED_LENGTH,
  type StorageClient,
  sealRecord,
} from '@chartkey/sdk';
import { expose } from 'comlink';
import { bytesToHex, type Hex } from 'viem';
import { z } from 'zod';
import { readerOf } from '../../chain/index.ts';
import type { AppConfig } from '../../server/config.ts';
import { type PlainError, packed, plain } from './errors.ts';
import type { NewKey, OpenedRecord, RecordTitle, SealProgress, SealRequest } from './types.ts';

// zod would compile its parsers with `new Function`, which the policy of the page forbids.
z.config({ jitless: true });

/**
 * Where keys and plaintext live while a page is open: a thread of its own, memory only.
 * Nothing of it is written to any storage of the browser.
 */
type Setup = {
  readonly client: ChartkeyClient;
  readonly storage: StorageClient;
  readonly network: KeeperNetwork;
};

let setup: Setup | undefined;
let patientKey: KeyPair | undefined;
/** Of the key that is unlocked. */
const titlesRead = new Map<RecordId, RecordTitle>();
const openingKeys = new Map<Hex, KeyPair>();
const jobs = new Map<string, AbortController>();

/** One-time keys that are kept for asking keepers again. */
const MAX_OPENING_KEYS = 8;
/** Titles are read a few at a time, so that a long chart does not start hundreds of requests. */
const TITLES_AT_ONCE = 6;

const api = {
  configure(config: AppConfig): void {
    setup = {
      client: readerOf(config),
      storage: createStorageClient({ nodes: [{ rpcUrl: '/storage', gatewayUrl: '/storage' }] }),
      network: { urlOf: ({ operator }) => `${self.location.origin}/keepers/${operator}` },
    };
  },

  async createKey(): Promise<NewKey> {
    const seed = crypto.getRandomValues(new Uint8Array(SEED_LENGTH));
    patientKey = await keyPairFromSeed(seed);
    const recoveryCode = encodeRecoveryCode(seed);
    seed.fill(0);
    return { publicKeyHash: bytesToHex(patientKey.publicKeyHash), recoveryCode };
  },

  async publishKey(): Promise<void> {
    await publishPublicKey(ready().storage, unlockedKey().publicKey);
  },

  async unlock(code: string, expected: Hex): Promise<Hex> {
    const seed = decodeRecoveryCode(code);
    const key = await keyPairFromSeed(seed);
    seed.fill(0);
    if (bytesToHex(key.publicKeyHash) !== expected) {
      throw new ChartkeyError('INPUT_INVALID', 'This code belongs to another chart.', {
        advice: 'Use the code that you were shown when you set up this one.',
      });
    }
    patientKey = key;
    return expected;
  },

  lock(): void {
    patientKey = undefined;
    titlesRead.clear();
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
    const todo = [...ids];
    const work = async () => {
      for (let recordId = todo.shift(); recordId !== undefined; recordId = todo.shift()) {
        const title = titlesRead.get(recordId) ?? (await readTitle(recordId));
        if (title) found.push([recordId, title]);
      }
    };
    await Promise.all(Array.from({ length: TITLES_AT_ONCE }, work));
    return found;
  },

  async openOwn(recordId: RecordId): Promise<OpenedRecord> {
    const { client, storage } = ready();
    const opened = await openOwnRecord(client, { recordId, keyPair: unlockedKey(), storage });
    if (opened) return contentOf(opened);
    throw new ChartkeyError('SEAL_BROKEN', 'This record is not sealed to your key.', {
      advice: 'Open it through the keepers instead.',
    });
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
    const keyPair = openingKeys.get(opening.keyHash);
    if (!keyPair) {
      throw new ChartkeyError('OPENING_REFUSED', 'The key of this opening is gone.', {
        advice: 'Open the records again.',
      });
    }
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

function unlockedKey(): KeyPair {
  if (patientKey) return patientKey;
  throw new ChartkeyError('INPUT_INVALID', 'Your chart is locked.', {
    advice: 'Unlock it with your recovery code.',
  });
}

function titleOf({ metadata }: Opened): RecordTitle {
  const { title, mediaType, fhirType, created, length } = metadata;
  return { title, mediaType, fhirType, created, length };
}

/** Undefined for a record that is not sealed to this key, or that storage can't bring now. */
async function readTitle(recordId: RecordId): Promise<RecordTitle | undefined> {
  const { client, storage } = ready();
  const keyPair = unlockedKey();
  const opened = await openOwnRecord(client, { recordId, keyPair, storage }).catch(() => undefined);
  if (!opened || patientKey !== keyPair) return undefined;
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

expose(guarded(api));
