import { createHash, randomBytes } from 'node:crypto';
import { ChartkeyError, createStorageClient, parseEnvelope, type RecordId } from '@chartkey/sdk';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../sdk/src/envelope/bytes.ts';
import { sealEnvelope } from '../../sdk/src/envelope/seal-envelope.ts';
import { makeSample } from '../../sdk/src/envelope/testing.ts';
import { openedRecord } from '../../sdk/src/record/opened-record.ts';
import {
  createSealSession,
  type SealTarget,
  type StoredBody,
  storeBody,
} from '../../sdk/src/record/seal-session.ts';
import { MIB, type NodeProcess, spawnNode, temporaryFolder } from '../../storage/test/support.ts';

/* Sealing, storing and reading against a storage node that is a process of its own. */

const CONTENT = randomBytes(60 * MIB);
const SEGMENT = 262_112;

function fileOf(lastModified = 1_000): File {
  return new File([CONTENT], 'scan.dcm', { lastModified });
}

/** A node, and a client that counts what goes over the line. */
async function setup() {
  const dir = await temporaryFolder();
  let node: NodeProcess = await spawnNode(dir);
  const { url } = node;
  const traffic = { sent: 0, imports: 0, blocks: [] as string[] };
  let onImport: () => unknown = () => undefined;
  const storage = createStorageClient({
    nodes: [{ rpcUrl: url, gatewayUrl: url }],
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      const address = String(input);
      if (address.includes('/ipfs/')) traffic.blocks.push(address);
      if (address.includes('dag/import')) {
        traffic.sent += sizeOf(init?.body);
        traffic.imports++;
        await onImport();
      }
      return answer;
    },
  });
  const { binding } = await makeSample();
  const { chainId, recordIndex, patient, author } = binding;
  const target = (source: Blob): SealTarget => ({
    ...{ storage, source, chainId, recordIndex, patient, author },
    length: source.size,
  });
  return {
    ...{ dir, storage, traffic, target },
    afterImports: (count: number, act: () => unknown) => {
      const from = traffic.imports;
      onImport = () => (traffic.imports - from === count ? act() : undefined);
    },
    kill: () => node.kill('SIGKILL'),
    restart: async (folder = dir) => {
      onImport = () => undefined;
      traffic.sent = 0;
      node = await spawnNode(folder, new URL(url).port);
    },
  };
}

const quiet = { onProgress: () => undefined, signal: undefined };

/** What a reader gets of a body that was stored. */
async function readerOf(
  storage: SealTarget['storage'],
  { contentKey, binding, floeHeader, stored }: StoredBody,
) {
  const { keepers, envelope } = await makeSample();
  const { keeperSetDigest } = envelope;
  const metadata = {
    length: CONTENT.length,
    mediaType: 'application/dicom',
    title: '',
    fhirType: '',
    created: '2026-01-31',
  };
  const sealed = await sealEnvelope({
    ...{ contentKey, binding, floeHeader, keepers, keeperSetDigest, metadata, epoch: 1, threshold: 2 },
    ...{ bodyDigest: toHex(stored.digest), bodyLength: stored.length },
  });
  return openedRecord('0x' as RecordId, { envelope: parseEnvelope(sealed), contentKey, storage });
}

async function sha256Of(source: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of source) hash.update(piece);
  return hash.digest('hex');
}

const EXPECTED = createHash('sha256').update(CONTENT).digest('hex');

function sizeOf(body: BodyInit | null | undefined): number {
  if (body instanceof Blob) return body.size;
  return body instanceof Uint8Array ? body.length : 0;
}

describe('storing with a session', () => {
  test('default: goes on at the segment where the node went down', async () => {
    const { storage, traffic, target, afterImports, kill, restart } = await setup();
    const session = createSealSession();
    afterImports(2, kill);
    const failing = storeBody(session, target(fileOf()), quiet);
    await expect(failing).rejects.toMatchObject({ code: 'STORAGE_UNREACHABLE', retryable: true });
    const acknowledged = session.acknowledgedSegments;
    expect(acknowledged).toBeGreaterThanOrEqual(15);

    await restart();
    const seen: number[] = [];
    // The same file, picked anew.
    const options = { ...quiet, onProgress: (done: number) => seen.push(done) };
    const stored = await storeBody(session, target(fileOf()), options);
    expect(seen[0]).toBe((acknowledged + 1) * SEGMENT);
    expect(traffic.sent).toBeLessThan(stored.stored.length);
    const record = await readerOf(storage, stored);
    expect(await sha256Of(record.content())).toBe(EXPECTED);
    // Stored is stored: what failed after it does not send it again.
    traffic.sent = 0;
    expect((await storeBody(session, target(fileOf()), quiet)).stored).toBe(stored.stored);
    expect(traffic.sent).toBe(0);
  });

  test('behavior: a cancelled one goes on too', async () => {
    const { storage, traffic, target, afterImports } = await setup();
    const session = createSealSession();
    const abort = new AbortController();
    afterImports(3, () => abort.abort());
    const file = fileOf();
    const cancelled = storeBody(session, target(file), { ...quiet, signal: abort.signal });
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(session.acknowledgedSegments).toBeGreaterThan(0);
    traffic.sent = 0;
    const stored = await storeBody(session, target(file), quiet);
    expect(traffic.sent).toBeLessThan(stored.stored.length - 4 * MIB);
    expect(await sha256Of((await readerOf(storage, stored)).content())).toBe(EXPECTED);
  });

  test('behavior: a file that changed, or another patient, starts over with a new key', async () => {
    const { traffic, target, afterImports, kill, restart } = await setup();
    const session = createSealSession();
    afterImports(1, kill);
    await expect(storeBody(session, target(fileOf()), quiet)).rejects.toBeInstanceOf(ChartkeyError);
    await restart();
    const first = await storeBody(session, target(fileOf(2_000)), quiet);
    expect(traffic.sent).toBeGreaterThan(first.stored.length);
    const key = Uint8Array.from(first.contentKey);
    const patient = `0x${'77'.repeat(20)}` as const;
    const second = await storeBody(session, { ...target(fileOf(2_000)), patient }, quiet);
    expect(second.contentKey).not.toEqual(key);
    expect(second.binding.patient).toBe(patient);
    expect(second.stored.digest).not.toEqual(first.stored.digest);
  });

  test('behavior: a node that forgot what it acknowledged gets everything', async () => {
    const { storage, traffic, target, afterImports, kill, restart } = await setup();
    const session = createSealSession();
    afterImports(2, kill);
    await expect(storeBody(session, target(fileOf()), quiet)).rejects.toBeInstanceOf(ChartkeyError);
    expect(session.acknowledgedSegments).toBeGreaterThan(0);
    await restart(await temporaryFolder());
    const stored = await storeBody(session, target(fileOf()), quiet);
    expect(traffic.sent).toBeGreaterThan(stored.stored.length);
    expect(await sha256Of((await readerOf(storage, stored)).content())).toBe(EXPECTED);
  });

  test('error: two at once; closing forgets the key', async () => {
    const { target } = await setup();
    const session = createSealSession();
    const running = storeBody(session, target(fileOf()), quiet);
    await expect(storeBody(session, target(fileOf()), quiet)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await running;
    expect(session.acknowledgedSegments).toBeGreaterThan(0);
    session.close();
    expect(session.acknowledgedSegments).toBe(0);
  });

  test('error: closed while it is at work, nothing is sealed with a key that was wiped', async () => {
    const { target, afterImports } = await setup();
    const session = createSealSession();
    afterImports(2, () => session.close());
    const running = storeBody(session, target(fileOf()), quiet);
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('OpenedRecord.range', () => {
  test('default: fetches the segments that hold it, and the nodes above them, once', async () => {
    const { storage, traffic, target } = await setup();
    const record = await readerOf(storage, await storeBody(createSealSession(), target(fileOf()), quiet));
    // 231 leaves: a root, two nodes, leaves.
    for (const [offset, length, leaves] of [
      [0, 1, 1],
      [SEGMENT - 1, 1, 1],
      [SEGMENT - 1, 2, 2],
      [5 * SEGMENT, SEGMENT, 1],
      [CONTENT.length - 10, 10, 1],
      [100 * SEGMENT, 4 * MIB, 17],
    ] as const) {
      traffic.blocks.length = 0;
      const part = await record.range(offset, length);
      expect(Buffer.compare(part, CONTENT.subarray(offset, offset + length))).toBe(0);
      expect(traffic.blocks.length).toBe(2 + leaves);
      expect(new Set(traffic.blocks).size).toBe(2 + leaves);
    }
    expect(await record.range(CONTENT.length - 3, 100)).toEqual(new Uint8Array(CONTENT.subarray(-3)));
    expect(await record.range(CONTENT.length, 5)).toEqual(new Uint8Array());
  });

  test('error: beyond the content, and too long', async () => {
    const { storage, target } = await setup();
    const record = await readerOf(storage, await storeBody(createSealSession(), target(fileOf()), quiet));
    for (const [offset, length] of [
      [CONTENT.length + 1, 1],
      [-1, 5],
      [0, -1],
      [0.5, 1],
    ] as const) {
      await expect(record.range(offset, length)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
    await expect(record.range(0, 2 ** 40)).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' });
  });
});
