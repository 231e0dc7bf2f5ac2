import { createServer, type Server } from 'node:http';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Keeper } from '../contracts/index.ts';
import { toHex } from '../envelope/bytes.ts';
import { generateOneTimeKeyPair, openKeeperBlock, recordIdOf, sealRelease } from '../envelope/index.ts';
import { anyOpening, makeSample, type Sample } from '../envelope/testing.ts';
import { problemType } from '../problems.ts';
import { toBase64Url } from './base64url.ts';
import { type GatherSharesParameters, gatherShares, KEEPER_PROBLEMS, type KeeperProgress } from './index.ts';

/* Real HTTP servers that answer as keepers do, or do not. */

/** Long enough for a machine that is busy with other things. */
const TIMEOUT_MS = 4_000;

type Behaviour = (
  share: () => Promise<object>,
) => Promise<{ status?: number; body: object } | 'never' | 'cut'>;

let sample: Sample;
let common: Pick<GatherSharesParameters, 'opening' | 'openingId' | 'keyPair' | 'records'>;
const servers: Server[] = [];

beforeAll(async () => {
  sample = await makeSample();
  const keyPair = await generateOneTimeKeyPair();
  const recordId = await recordIdOf(sample.bytes);
  const opening = {
    accessor: `0x${'11'.repeat(20)}`,
    place: 0,
    purpose: 'TREAT',
    openedAt: 1,
    keyHash: toHex(keyPair.publicKeyHash),
    recordIds: [recordId],
  } as unknown as GatherSharesParameters['opening'];
  common = { opening, openingId: anyOpening, keyPair, records: [{ recordId, envelope: sample.envelope }] };
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const good: Behaviour = async (share) => ({ body: await share() });
const dead: Behaviour = async () => 'cut';
const silent: Behaviour = async () => 'never';
const refusing: Behaviour = async () => ({
  body: { results: [{ status: 'refused', recordId: common.records[0]?.recordId, reason: 'denied' }] },
});
const lying: Behaviour = async () => ({
  body: {
    results: [
      {
        status: 'released',
        recordId: common.records[0]?.recordId,
        index: 0,
        sealed: toBase64Url(new Uint8Array(1168)),
      },
    ],
  },
});

/** Keepers of the sample, in order; each one's share is its own, unless `shareOf` says otherwise. */
async function keepersThat(
  behaviours: readonly Behaviour[],
  shareOf = (index: number) => index,
): Promise<Keeper[]> {
  return Promise.all(
    behaviours.map(async (behaviour, index) => {
      const endpoint = await serve(behaviour, () => released(shareOf(index)));
      return { operator: address(index), publicKeyHash: `0x${'00'.repeat(32)}`, endpoint } as const;
    }),
  );
}

async function released(index: number): Promise<object> {
  const { envelope, keepers } = sample;
  const keyPair = keepers[index];
  const share = keyPair && (await openKeeperBlock(envelope, keyPair));
  if (!share) throw new Error('no such keeper');
  const sealed = await sealRelease({
    ...share,
    envelope,
    openingId: anyOpening,
    publicKey: common.keyPair.publicKey,
  });
  const recordId = common.records[0]?.recordId;
  return { results: [{ status: 'released', recordId, index, sealed: toBase64Url(sealed) }] };
}

function address(index: number): `0x${string}` {
  return `0x${`a${index}`.repeat(20)}`;
}

async function serve(behaviour: Behaviour, share: () => Promise<object>): Promise<string> {
  const server = createServer(async (request, response) => {
    request.resume();
    const answer = await behaviour(share);
    if (answer === 'never') return;
    if (answer === 'cut') return void request.socket.destroy();
    response.statusCode = answer.status ?? 200;
    response.end(JSON.stringify({ keeper: address(0), ...answer.body }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  return `http://127.0.0.1:${port}`;
}

function gather(keepers: readonly Keeper[], more: Partial<GatherSharesParameters> = {}) {
  const { threshold, keeperSetDigest: digest } = sample.envelope;
  const epoch = { epoch: 1, digest, threshold, keepers };
  const network = { urlOf: ({ endpoint }: Keeper) => endpoint, timeoutMs: TIMEOUT_MS };
  return gatherShares({ ...common, network, epoch, ...more });
}

const sharesOf = (gathered: Awaited<ReturnType<typeof gather>>) => [...gathered.shares.values()][0] ?? [];
const outcomes = ({ reports }: Awaited<ReturnType<typeof gather>>) => reports.map(({ outcome }) => outcome);

describe('gatherShares', () => {
  // The sample is 3 of 5.
  test('default: says how many have answered', async () => {
    const told: KeeperProgress[] = [];
    const keepers = await keepersThat([good, good, good, good, good]);
    const gathered = await gather(keepers, { onProgress: (progress) => void told.push(progress) });
    expect(sharesOf(gathered).length).toBeGreaterThanOrEqual(3);
    expect(told[0]).toEqual({ answered: 0, total: 5, needed: 3 });
    expect(told.map(({ answered }) => answered)).toEqual(told.map((_, i) => i));
  });

  test('behavior: keepers that are down, silent or lie delay nothing, and the liar is named', async () => {
    const keepers = await keepersThat([lying, good, good, dead, good]);
    const started = performance.now();
    const slow = keepersThat([silent]);
    const gathered = await gather(keepers.with(3, (await slow)[0] as Keeper));
    expect(performance.now() - started).toBeLessThan(TIMEOUT_MS);
    expect(sharesOf(gathered)).toHaveLength(3);
    expect(['lied', 'not-needed']).toContain(outcomes(gathered)[0]);
    expect(outcomes(gathered)[3]).toBe('not-needed');
  });

  test('behavior: a keeper that is silent costs one time-out at most, though k need it', async () => {
    const started = performance.now();
    const gathered = await gather(await keepersThat([good, good, silent, dead, lying]));
    expect(performance.now() - started).toBeLessThan(2 * TIMEOUT_MS);
    expect(sharesOf(gathered)).toHaveLength(2);
    expect(outcomes(gathered)).toEqual(['answered', 'answered', 'unreachable', 'unreachable', 'lied']);
  });

  test('behavior: one that can’t answer now is asked again', async () => {
    let asked = 0;
    const later: Behaviour = async (share) => {
      if (++asked > 2) return { body: await share() };
      const { title, status } = KEEPER_PROBLEMS.CHAIN_BEHIND;
      return { status, body: { type: problemType('CHAIN_BEHIND'), title, status } };
    };
    const gathered = await gather(await keepersThat([good, good, later, dead, dead]));
    expect(sharesOf(gathered)).toHaveLength(3);
    expect(asked).toBe(3);
  });

  test('behavior: one that failed is asked after the others the next time', async () => {
    const keepers = await keepersThat([dead, good, good, good, dead]);
    await gather(keepers);
    const again = await gather(keepers);
    expect(outcomes(again)).toEqual(['not-needed', 'answered', 'answered', 'answered', 'not-needed']);
  });

  test('error: a keeper with another keeper’s key gives no share of its own', async () => {
    const keepers = await keepersThat([good, good, good, dead, dead], (index) => (index === 2 ? 1 : index));
    const gathered = await gather(keepers);
    expect(
      sharesOf(gathered)
        .map(({ index }) => index)
        .toSorted(),
    ).toEqual([0, 1]);
    expect(outcomes(gathered)[2]).toBe('lied');
  });

  test('behavior: a successor’s share counts in the place of the keeper that left, and once', async () => {
    const keepers = await keepersThat([good, good, dead, dead, dead]);
    const successors = await keepersThat([good, good], () => 2);
    const gathered = await gather(keepers, { successors });
    expect(
      sharesOf(gathered)
        .map(({ index }) => index)
        .toSorted(),
    ).toEqual([0, 1, 2]);
    const twice = await gather(await keepersThat([good, dead, dead, dead, dead]), { successors });
    expect(sharesOf(twice)).toHaveLength(2);
  });

  test('behavior: a refusal of a successor is none', async () => {
    const keepers = await keepersThat([good, good, good, dead, dead]);
    const gathered = await gather(keepers, { successors: await keepersThat([refusing]) });
    expect(gathered.refusals.size).toBe(0);
  });

  test('error: cancelled', async () => {
    const stop = new AbortController();
    const gathering = gather(await keepersThat([silent, silent, silent, silent, silent]), {
      signal: stop.signal,
    });
    stop.abort();
    await expect(gathering).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
