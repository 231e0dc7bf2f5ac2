import { keeperSetDigest, keyPairFromSeed, startEpoch } from '@chartkey/sdk';
import { bytesToHex, hexToBytes } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedsFromText } from '../src/index.ts';
import {
  ACTORS,
  ask,
  open,
  runKeeper,
  type SealedEnvelope,
  startWorld,
  type TestKeeper,
  type World,
  writeRecord,
} from './world.ts';

let world: World;
/** One record of each epoch, and the first keeper's seeds, by epoch. */
const records: SealedEnvelope[] = [];
const seeds: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  let keepers: readonly TestKeeper[] = world.keepers;
  for (let epoch = 1; epoch <= 3; epoch++) {
    if (epoch > 1) keepers = await rotate(keepers, epoch);
    seeds.push(keepers[0]?.seed ?? '');
    records.push(await writeRecord(world, { epoch, keepers, keeperSetDigest: keeperSetDigest(keepers) }));
  }
});
afterAll(() => world?.close());

/** A new epoch in which every keeper has a new key. */
async function rotate(keepers: readonly TestKeeper[], epoch: number): Promise<TestKeeper[]> {
  const rotated = await Promise.all(
    keepers.map(async ({ id }, i): Promise<TestKeeper> => {
      const seed = bytesToHex(new Uint8Array(32).fill(16 * epoch + i));
      const keyPair = await keyPairFromSeed(hexToBytes(seed));
      return { id, seed, keyPair, publicKey: keyPair.publicKey };
    }),
  );
  const seats = rotated.map(({ id, keyPair }) => ({
    operator: id,
    publicKeyHash: bytesToHex(keyPair.publicKeyHash),
    endpoint: 'http://127.0.0.1:1',
  }));
  await startEpoch(world.clientOf(ACTORS.governor), { keepers: seats, threshold: 2 });
  return rotated;
}

describe('keys of several epochs', () => {
  test('default: records of all three epochs open', async () => {
    const keeper = await runKeeper(world, { keys: seedsFromText(seeds.toReversed().join('\n')) });
    const opened = await open(
      world,
      records.map(({ recordId }) => recordId),
    );
    expect(await ask(keeper, opened, records)).toMatchObject(records.map(() => ({ status: 'released' })));
    expect(keeper.lines.join('\n')).not.toMatch(/0x|1010101/);
  });

  test('error: without the key of an epoch its records do not', async () => {
    const keeper = await runKeeper(world, { keys: seedsFromText([seeds[2], seeds[0]].join(',')) });
    const opened = await open(
      world,
      records.map(({ recordId }) => recordId),
    );
    expect(await ask(keeper, opened, records)).toMatchObject([
      { status: 'released' },
      { status: 'refused', reason: 'not-my-envelope' },
      { status: 'released' },
    ]);
  });
});
