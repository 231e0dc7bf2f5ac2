import type { CID } from 'multiformats/cid';
import { ChartkeyError } from '../errors.ts';
import type { StorageClient } from './client.ts';
import {
  type Block,
  type BodyRoot,
  type Bytes,
  digestOf,
  LEAF_BYTES,
  MAX_BLOCK_BYTES,
  owned,
  rawCid,
  sha256,
  streamDag,
} from './dag.ts';
import { throwIfCancelled } from './http.ts';
import { createNudge } from './nudge.ts';
import { PartBuffer, partOf } from './part.ts';
import { type Replicas, startReplicas } from './replicas.ts';

const PARTS_IN_FLIGHT = 3;

export type UploadBodyParameters = {
  /**
   * The ciphertext, in pieces of any size. A piece of 262,144 bytes may be filled anew once the
   * next one was asked for (`reuseMemory` of the body's encryption).
   */
  readonly segments: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;
  /** Body bytes that enough nodes have confirmed so far. */
  readonly onProgress?: ((doneBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What an interrupted upload had acknowledged; `segments` then starts after these leaves. */
  readonly resumeFrom?: AcknowledgedLeaves | undefined;
  /** Called with the leaves that follow the ones acknowledged before, without a gap. */
  readonly onAcknowledged?: ((acknowledged: AcknowledgedLeaves) => void) | undefined;
};

export type AcknowledgedLeaves = {
  /** SHA-256 of full leaves, in order. */
  readonly leaves: readonly Bytes[];
  /** Labels of the nodes that have all leaves so far. */
  readonly nodes: readonly string[];
};

export type UploadedBody = BodyRoot & {
  /** The nodes that confirmed, by origin and path prefix; at least `minReplicas`. */
  readonly replicas: readonly string[];
};

/**
 * Stores a body on all nodes: computes its tree while it streams, sends the blocks in CAR
 * parts, pins the root, and reads the root back from each node. Nothing counts as stored
 * before this returned. Memory: four parts, whatever the length, and what `fetch` holds of three.
 *
 * @returns root CID, its digest (32 bytes, for the envelope) and the length in bytes
 * @throws StorageError `STORAGE_NOT_STORED`, or the one thing that all failing nodes did
 *   (`STORAGE_FULL`, `STORAGE_REFUSED`, `STORAGE_UNREACHABLE`, `STORAGE_WRONG_BYTES`), when
 *   fewer than `minReplicas` nodes are left
 * @throws ChartkeyError `CANCELLED`, `INPUT_TOO_LARGE`
 */
export async function uploadBody(
  client: StorageClient,
  parameters: UploadBodyParameters,
): Promise<UploadedBody> {
  const { signal, resumeFrom } = parameters;
  const before = resumeFrom?.leaves ?? [];
  // Ends the parts under way when the source or another part fails.
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const replicas = startReplicas(client, either, resumeFrom?.nodes);
  const sender = new PartSender(replicas, parameters);
  const onBlock = async (block: Block, leafBytes: number) => {
    throwIfCancelled(signal);
    await sender.add(block, leafBytes);
  };
  try {
    // A node may have thrown away what nothing was pinned to; better known now than at the end.
    for (const digest of [before.at(0), before.at(-1)]) if (digest) await replicas.check(rawCid(digest));
    const root = await streamDag(iterate(parameters.segments), onBlock, before);
    await sender.finish();
    return { ...root, replicas: await replicas.confirm(root.cid) };
  } catch (error) {
    // Once stopped by ourselves, other requests say "cancelled"; the first error is the reason.
    throwIfCancelled(signal);
    throw error;
  } finally {
    stop.abort();
  }
}

/**
 * Stores one raw block (an envelope, a public key), pinned, on all nodes.
 *
 * @param bytes up to 1 MiB
 * @throws as {@link uploadBody}
 */
export async function putBlock(
  client: StorageClient,
  bytes: Uint8Array,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<CID> {
  if (bytes.length > MAX_BLOCK_BYTES) throw new ChartkeyError('INPUT_TOO_LARGE', 'A block is at most 1 MiB.');
  const block = { cid: rawCid(await sha256(bytes)), bytes: owned(bytes) };
  const replicas = startReplicas(client, options.signal);
  await replicas.sendPart(partOf(block));
  await replicas.confirm(block.cid);
  return block.cid;
}

/** Gathers blocks into parts and keeps a bounded number of parts under way. */
class PartSender {
  readonly #replicas: Replicas;
  readonly #onProgress: UploadBodyParameters['onProgress'];
  readonly #onAcknowledged: UploadBodyParameters['onAcknowledged'];
  /** Parts in the order of the body; what is acknowledged has no gap. */
  readonly #parts: { readonly leaves: readonly Bytes[]; done: boolean }[] = [];
  readonly #sending = new Set<Promise<void>>();
  readonly #free: PartBuffer[] = [];
  readonly #nudge = createNudge();
  #part = new PartBuffer();
  #failure: { error: unknown } | undefined;
  #leafBytes = 0;
  #leaves: Bytes[] = [];
  #doneBytes: number;

  constructor(
    replicas: Replicas,
    {
      onProgress,
      onAcknowledged,
      resumeFrom,
    }: Pick<UploadBodyParameters, 'onProgress' | 'onAcknowledged' | 'resumeFrom'>,
  ) {
    this.#replicas = replicas;
    this.#onProgress = onProgress;
    this.#onAcknowledged = onAcknowledged;
    this.#doneBytes = (resumeFrom?.leaves.length ?? 0) * LEAF_BYTES;
  }

  async add(block: Block, leafBytes: number): Promise<void> {
    if (!this.#part.hasRoomFor(block)) await this.#send();
    this.#part.add(block);
    this.#leafBytes += leafBytes;
    // The last leaf is shorter and says that it is the last: whoever resumes makes it anew.
    if (leafBytes === LEAF_BYTES) this.#leaves.push(digestOf(block.cid));
  }

  async finish(): Promise<void> {
    await this.#send();
    await Promise.all(this.#sending);
    this.#throwIfFailed();
  }

  async #send(): Promise<void> {
    while (this.#sending.size >= PARTS_IN_FLIGHT) await Promise.race(this.#sending);
    this.#throwIfFailed();
    const buffer = this.#part;
    const leafBytes = this.#leafBytes;
    if (buffer.isEmpty) return;
    const part = { leaves: this.#leaves, done: false };
    this.#parts.push(part);
    const sending = this.#replicas
      .sendPart(buffer.take())
      .then(
        () => {
          part.done = true;
          this.#acknowledge();
          this.#progress(leafBytes);
        },
        (error: unknown) => {
          this.#failure ??= { error };
        },
      )
      .finally(() => {
        this.#sending.delete(sending);
        this.#free.push(buffer);
        this.#nudge();
      });
    this.#part = this.#free.pop() ?? new PartBuffer();
    this.#sending.add(sending);
    this.#leafBytes = 0;
    this.#leaves = [];
  }

  #acknowledge(): void {
    while (this.#parts[0]?.done) {
      const leaves = this.#parts.shift()?.leaves ?? [];
      if (leaves.length > 0) this.#onAcknowledged?.({ leaves, nodes: this.#replicas.labels() });
    }
  }

  #progress(leafBytes: number): void {
    this.#doneBytes += leafBytes;
    this.#onProgress?.(this.#doneBytes);
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

/** Safari's streams are not iterable. */
async function* iterate(
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  if (!('getReader' in source)) return yield* source;
  const reader = source.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
