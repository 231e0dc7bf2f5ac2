import { beforeAll, describe, expect, test } from 'vitest';
import { repeatable } from '../../../scripts/fuzz/area.ts';
import { SEGMENT_PLAIN_LENGTH } from '../../src/envelope/body-length.ts';
import {
  combineShares,
  openBody,
  openKeeperBlock,
  openMetadata,
  openPatientBlock,
  parseEnvelope,
} from '../../src/envelope/index.ts';
import { MAX_ENVELOPE_LENGTH } from '../../src/envelope/layout.ts';
import { anyAddress, makeSample, pattern, type Sample, streamOf } from '../../src/envelope/testing.ts';
import { EnvelopeError, IntegrityError } from '../../src/errors.ts';
import { parse as twinParse } from '../twin/envelope.ts';
import { bodyMutations, envelopeMutations, type Mutation } from './mutations.ts';

const SEED = 2026;
/** Far above what an opening takes, far below what a person would call hanging. */
const LONGEST_MS = 3000;
const MIB = 1_048_576;

let sample: Sample;
let others: Sample[];
beforeAll(async () => {
  const content = pattern(3 * SEGMENT_PLAIN_LENGTH + 100);
  sample = await makeSample({ content });
  const { binding } = sample;
  others = await Promise.all([
    makeSample({ content }),
    makeSample({ content, binding }),
    makeSample({ content, binding: { ...binding, chainId: 1n } }),
    makeSample({ content, binding: { ...binding, patient: anyAddress(0x77) } }),
    makeSample({ content, binding: { ...binding, author: anyAddress(0x77) } }),
    makeSample({ content, binding: { ...binding, recordIndex: anyAddress(0x77) } }),
  ]);
});

/** Everything a reader does: parse, all keeper blocks, shares, patient block, metadata, body. */
async function open(bytes: Uint8Array, body: Uint8Array): Promise<void> {
  const envelope = parseEnvelope(bytes);
  const shares = [];
  for (const keeper of sample.keepers) shares.push(await openKeeperBlock(envelope, keeper));
  const contentKey = await combineShares(
    envelope,
    shares.filter((share) => share !== undefined),
  );
  await openPatientBlock(envelope, sample.patient);
  await openMetadata(envelope, contentKey);
  for await (const _ of openBody({ envelope, contentKey, ciphertext: streamOf(body) }));
}

type Verdict = { readonly kind: string; readonly why: string };

/** Undefined if the bytes were refused as they should be. */
async function verdictOf(
  { kind, codes }: Mutation,
  act: () => unknown,
  maxBytes: number,
): Promise<Verdict | undefined> {
  const before = process.memoryUsage().arrayBuffers;
  const start = performance.now();
  let error: unknown;
  try {
    await act();
  } catch (thrown) {
    error = thrown;
  }
  const took = performance.now() - start;
  const grown = process.memoryUsage().arrayBuffers - before;
  if (error === undefined) return { kind, why: 'accepted' };
  if (!(error instanceof EnvelopeError || error instanceof IntegrityError)) {
    return { kind, why: String(error) };
  }
  const { code } = error;
  const isEnvelope = code.startsWith('ENVELOPE_') && code !== 'ENVELOPE_MAC_MISMATCH';
  if (!codes.includes(code) || error instanceof EnvelopeError !== isEnvelope) return { kind, why: code };
  if (took > LONGEST_MS) return { kind, why: `took ${took} ms` };
  if (grown > maxBytes) return { kind, why: `took ${grown} bytes` };
  return undefined;
}

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).message;
  }
}

const counted = { envelopes: 0, bodies: 0 };

describe('mutated records, with a fixed seed', () => {
  test('error: every mutated envelope is refused, for the right reason and at once', async () => {
    const wrong: Verdict[] = [];
    for (const mutation of envelopeMutations(sample, others, repeatable(SEED))) {
      counted.envelopes++;
      const verdict = await verdictOf(mutation, () => open(mutation.bytes, sample.body), 16 * MIB);
      if (verdict) wrong.push(verdict);
    }
    expect(wrong).toEqual([]);
  });

  test('error: parsing copies an envelope once, and nothing else; the twin agrees about each', () => {
    const wrong: string[] = [];
    for (const { kind, bytes } of envelopeMutations(sample, others, repeatable(SEED))) {
      const before = process.memoryUsage().arrayBuffers;
      const code = codeOf(() => parseEnvelope(bytes));
      const grown = process.memoryUsage().arrayBuffers - before;
      if (grown > 2 * MAX_ENVELOPE_LENGTH) wrong.push(`${kind}: ${grown} bytes`);
      const theirs = codeOf(() => twinParse(bytes));
      if (code !== theirs) wrong.push(`${kind}: ${code}, and the twin ${theirs}`);
    }
    expect(wrong).toEqual([]);
  });

  test('error: every mutated body is refused, for the right reason and at once', async () => {
    const wrong: Verdict[] = [];
    const { envelope, contentKey } = sample;
    for (const mutation of bodyMutations(sample, others, repeatable(SEED))) {
      counted.bodies++;
      const reading = async () => {
        const ciphertext = streamOf(mutation.bytes);
        for await (const _ of openBody({ envelope, contentKey, ciphertext }));
      };
      const verdict = await verdictOf(mutation, reading, 16 * MIB);
      if (verdict) wrong.push(verdict);
    }
    expect(wrong).toEqual([]);
  });

  test('default: there are at least 5,000 of them', () => {
    expect(counted.envelopes + counted.bodies).toBeGreaterThanOrEqual(5000);
  });
});
