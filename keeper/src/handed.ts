import { type FileHandle, open } from 'node:fs/promises';
import {
  type Envelope,
  HANDOVER_ENTRY_LENGTH,
  HANDOVER_HEADER_LENGTH,
  type HandoverHeader,
  IntegrityError,
  type KeeperShare,
  type KeyPair,
  openHandover,
  parseHandoverEntry,
  parseHandoverHeader,
} from '@chartkey/sdk';
import { bytesToHex, isAddressEqual, sha256 } from 'viem';
import type { Chain } from './chain.ts';
import type { KeeperConfig } from './config.ts';
import { readEpoch } from './contracts.ts';

/** Entries that are read at once when a file is gone through. */
const READ_AT_ONCE = 1_024;

type HandedFile = {
  readonly header: HandoverHeader;
  readonly keyPair: KeyPair;
  readonly file: FileHandle;
  /** Where the entry of an envelope begins, by its digest: about 150 bytes of memory a record. */
  readonly places: ReadonlyMap<string, number>;
};

/**
 * Shares that keepers who left have handed over to this one: files that are read and never
 * written. Each share was sealed to this keeper's key for one envelope, and is held against its
 * commitment each time it is used.
 */
export class HandedShares {
  readonly #files: readonly HandedFile[];

  private constructor(files: readonly HandedFile[]) {
    this.#files = files;
  }

  /**
   * Warning: a keeper must not come to have two shares of one epoch, or two keepers who agree are
   * as many as three. Files of an epoch in which it sits, or from two keepers of one, are refused.
   *
   * @throws Error with one line; ProblemError if the chain can't be asked
   */
  static async open(
    paths: readonly string[],
    { config, chain, keyPairs }: { config: KeeperConfig; chain: Chain; keyPairs: readonly KeyPair[] },
  ): Promise<HandedShares> {
    const files: HandedFile[] = [];
    try {
      for (const path of paths) {
        const handed = await openFile(path, keyPairs);
        files.push(handed);
        await requireSuccession(handed.header, { config, chain, keyPairs });
      }
      requireOneShareEach(files);
      return new HandedShares(files);
    } catch (error) {
      for (const { file } of files) await file.close();
      throw error;
    }
  }

  /** How many envelopes there are shares of. */
  get size(): number {
    return this.#files.reduce((sum, { places }) => sum + places.size, 0);
  }

  /** The share of an envelope, if one was handed over. @throws IntegrityError if it is not the envelope's */
  async shareOf(envelope: Envelope): Promise<KeeperShare | undefined> {
    const digest = sha256(envelope.bytes);
    for (const { header, keyPair, file, places } of this.#files) {
      const place = places.get(digest);
      if (place === undefined || envelope.epoch !== header.epoch) continue;
      const { index, sealed } = parseHandoverEntry(await readAt(file, place, HANDOVER_ENTRY_LENGTH));
      const block = envelope.keeperBlocks[index];
      if (!block || bytesToHex(block.recipient) !== header.giver) {
        throw new IntegrityError('SHARE_WRONG', 'A share that was handed over is not of this envelope.');
      }
      return openHandover({ envelope, index, keyPair, sealed });
    }
    return undefined;
  }

  async close(): Promise<void> {
    for (const { file } of this.#files) await file.close();
  }
}

async function openFile(path: string, keyPairs: readonly KeyPair[]): Promise<HandedFile> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new Error(`can’t be read (${cause instanceof Error && 'code' in cause ? cause.code : 'unknown'})`);
  });
  try {
    const header = parseHandoverHeader(await readAt(file, 0, HANDOVER_HEADER_LENGTH));
    const keyPair = keyPairs.find(({ publicKeyHash }) => bytesToHex(publicKeyHash) === header.taker);
    if (!keyPair) throw new Error('was made for another keeper’s key');
    return { header, keyPair, file, places: await placesIn(file) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A last entry that was cut is left out: the handover was not finished, and can be taken up again. */
async function placesIn(file: FileHandle): Promise<Map<string, number>> {
  const places = new Map<string, number>();
  const { size } = await file.stat();
  const count = Math.floor((size - HANDOVER_HEADER_LENGTH) / HANDOVER_ENTRY_LENGTH);
  for (let done = 0; done < count; done += READ_AT_ONCE) {
    const start = HANDOVER_HEADER_LENGTH + done * HANDOVER_ENTRY_LENGTH;
    const entries = await readAt(file, start, Math.min(READ_AT_ONCE, count - done) * HANDOVER_ENTRY_LENGTH);
    for (let at = 0; at < entries.length; at += HANDOVER_ENTRY_LENGTH) {
      places.set(bytesToHex(entries.subarray(at, at + 32)), start + at);
    }
  }
  return places;
}

async function requireSuccession(
  { chainId, recordIndex, epoch: number, giver }: HandoverHeader,
  { config, chain, keyPairs }: { config: KeeperConfig; chain: Chain; keyPairs: readonly KeyPair[] },
): Promise<void> {
  const { deployment, operator } = config;
  if (chainId !== BigInt(deployment.chainId) || !isAddressEqual(recordIndex, deployment.records)) {
    throw new Error('is of another chain or contract');
  }
  const epoch = await readEpoch(chain, deployment, number);
  if (!epoch?.keepers.some(({ publicKeyHash }) => publicKeyHash === giver)) {
    throw new Error('is from nobody who was a keeper of its epoch');
  }
  const own = keyPairs.map(({ publicKeyHash }) => bytesToHex(publicKeyHash));
  const sits = epoch.keepers.some(
    (keeper) => isAddressEqual(keeper.operator, operator) || own.includes(keeper.publicKeyHash),
  );
  if (sits) throw new Error('is of an epoch in which this keeper has a share of its own');
}

function requireOneShareEach(files: readonly HandedFile[]): void {
  for (const { header } of files) {
    const others = files.filter((other) => other.header.epoch === header.epoch);
    if (others.some((other) => other.header.giver !== header.giver)) {
      throw new Error('would give this keeper two shares of one epoch');
    }
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
