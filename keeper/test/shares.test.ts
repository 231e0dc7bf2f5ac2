import {
  combineShares,
  generateOneTimeKeyPair,
  keeperSetDigest,
  openRelease,
  parseEnvelope,
  type RecordId,
  recordIdOf,
  restrictRecord,
  retireRecord,
  revokeConsent,
  rewrapEnvelope,
  rewrapRecord,
  type SharesResponse,
  suspendProvider,
} from '@chartkey/sdk';
import { bytesToHex } from 'viem';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import { seedsFromText } from '../src/index.ts';
import {
  ACTORS,
  ask,
  CONSENT_PERIOD,
  consentTo,
  flipped,
  index,
  lyingEndpoint,
  type Opened,
  open,
  post,
  runKeeper,
  type SealedEnvelope,
  seal,
  sharesBody,
  startWorld,
  type World,
  writeAndOpen,
  writeRecord,
} from './world.ts';

/** Where the keepers' blocks begin and how long one is: docs/format.md, section 2. */
const KEEPER_BLOCKS = 2_042;
const KEEPER_BLOCK = 1_233;

let world: World;
let snapshot: `0x${string}`;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.close());
beforeEach(async () => {
  snapshot = await world.chain.snapshot();
});
afterEach(() => world.chain.revert({ id: snapshot }));

async function openedShare(
  result: SharesResponse['results'][number] | undefined,
  { record, openingId, keyPair }: Opened & { readonly record: SealedEnvelope },
) {
  if (result?.status !== 'released') throw new Error(`not released: ${JSON.stringify(result)}`);
  const { index, sealed } = result;
  return openRelease({ envelope: parseEnvelope(record.bytes), index, openingId, keyPair, sealed });
}

function refusal(recordId: RecordId, reason: string, decision?: string) {
  return { status: 'refused', recordId, reason, ...(decision === undefined ? {} : { decision }) };
}

describe('POST /v1/shares', () => {
  test('default: two of three keepers give the content key', async () => {
    const opened = await writeAndOpen(world);
    const { record } = opened;
    const [, second, third] = world.keepers;
    const shares = [];
    for (const keeper of [second, third]) {
      const server = await runKeeper(world, {}, keeper);
      const [result] = await ask(server, opened, [record]);
      shares.push(await openedShare(result, opened));
    }
    expect(shares.map(({ index }) => index)).toEqual([1, 2]);
    const key = await combineShares(parseEnvelope(record.bytes), shares);
    expect(bytesToHex(key)).toBe(bytesToHex(record.contentKey));
  });

  test('behavior: each record has its own answer, in the order of the request', async () => {
    const records = [await writeRecord(world), await writeRecord(world), await writeRecord(world)];
    const [first, second, third] = records;
    if (!first || !second || !third) throw new Error('three records');
    const opened = await open(world, [first.recordId, second.recordId]);
    const results = await ask(await runKeeper(world), opened, [
      third,
      second,
      { recordId: first.recordId, bytes: second.bytes },
      first,
      { recordId: first.recordId, bytes: new Uint8Array(100) },
    ]);
    expect(results).toMatchObject([
      refusal(third.recordId, 'not-in-opening'),
      { status: 'released', recordId: second.recordId },
      refusal(first.recordId, 'envelope-not-current'),
      { status: 'released', recordId: first.recordId },
      refusal(first.recordId, 'envelope-malformed'),
    ]);
  });

  test('behavior: a patient opens their own record through the keepers', async () => {
    const record = await writeRecord(world);
    const opened = await open(world, [record.recordId], ACTORS.patient);
    expect(await ask(await runKeeper(world), opened, [record])).toMatchObject([{ status: 'released' }]);
  });

  test('behavior: a replay gets the same share, for the same key only', async () => {
    const opened = await writeAndOpen(world);
    const keeper = await runKeeper(world);
    const answers = [];
    for (let i = 0; i < 2; i++) answers.push((await ask(keeper, opened, [opened.record]))[0]);
    const [share, again] = await Promise.all(answers.map((answer) => openedShare(answer, opened)));
    expect(again).toEqual(share);
    const keyPair = await generateOneTimeKeyPair();
    for (const answer of answers) {
      await expect(openedShare(answer, { ...opened, keyPair })).rejects.toMatchObject({
        code: 'SEAL_BROKEN',
      });
    }
  });

  test('behavior: the current envelope counts after a re-wrap, the first one no more', async () => {
    const record = await writeRecord(world);
    const bytes = await rewrapEnvelope({
      envelope: parseEnvelope(record.bytes),
      contentKey: record.contentKey,
      epoch: 1,
      threshold: 2,
      keepers: world.keepers,
      keeperSetDigest: keeperSetDigest(world.keepers),
      patientPublicKey: world.patientKey.publicKey,
    });
    const { recordId } = record;
    await rewrapRecord(world.clientOf(ACTORS.patient), { recordId, envelopeDigest: await recordIdOf(bytes) });
    const opened = await open(world, [recordId]);
    expect(await ask(await runKeeper(world), opened, [record, { recordId, bytes }])).toMatchObject([
      refusal(recordId, 'envelope-not-current'),
      { status: 'released' },
    ]);
  });

  describe('the opening', () => {
    test('error: a public key that is not the one in the log', async () => {
      const { opening, record } = await writeAndOpen(world);
      const keyPair = await generateOneTimeKeyPair();
      expect(await ask(await runKeeper(world), { opening, keyPair }, [record])).toEqual([
        refusal(record.recordId, 'opening-unknown'),
      ]);
    });

    test('error: no opening at all', async () => {
      const { opening, keyPair, record } = await writeAndOpen(world);
      const keeper = await runKeeper(world);
      const other = await writeRecord(world);
      for (const invented of [
        { accessor: ACTORS.outsider.address },
        { place: opening.place + 1 },
        { purpose: 'ETREAT' as const },
        { openedAt: opening.openedAt + 1 },
        { recordIds: [record.recordId, other.recordId] },
      ]) {
        const asked = { opening: { ...opening, ...invented }, keyPair };
        expect(await ask(keeper, asked, [record])).toEqual([refusal(record.recordId, 'opening-unknown')]);
      }
    });

    test('error: of a record that does not exist', async () => {
      const { opening, keyPair } = await writeAndOpen(world);
      const unknown = await seal(world);
      await expect(open(world, [unknown.recordId])).rejects.toThrow('nothing was permitted');
      const asked = { opening: { ...opening, recordIds: [unknown.recordId] }, keyPair };
      expect(await ask(await runKeeper(world), asked, [unknown])).toEqual([
        refusal(unknown.recordId, 'opening-unknown'),
      ]);
    });

    test('error: older than the release window, by the chain’s time', async () => {
      const opened = await writeAndOpen(world);
      const keeper = await runKeeper(world);
      await world.chain.increaseTime({ seconds: 3_500 });
      await world.chain.mine({ blocks: 1 });
      expect(await ask(keeper, opened, [opened.record])).toMatchObject([{ status: 'released' }]);
      await world.chain.increaseTime({ seconds: 200 });
      await world.chain.mine({ blocks: 1 });
      expect(await ask(keeper, opened, [opened.record])).toEqual([
        refusal(opened.record.recordId, 'opening-too-old'),
      ]);
    });

    test('error: older than the release window, by the keeper’s clock', async () => {
      const opened = await writeAndOpen(world);
      const keeper = await runKeeper(world);
      // The head stands still, as with a node that is stuck or lies about the time.
      vi.spyOn(Date, 'now').mockReturnValue((opened.opening.openedAt + 3_601) * 1_000);
      onTestFinished(() => void vi.restoreAllMocks());
      expect(await ask(keeper, opened, [opened.record])).toEqual([
        refusal(opened.record.recordId, 'opening-too-old'),
      ]);
    });

    test('behavior: twenty openings within the hour all stand', async () => {
      const opened = await writeAndOpen(world);
      const { record } = opened;
      const keeper = await runKeeper(world);
      for (let i = 0; i < 19; i++) await open(world, [record.recordId]);
      expect(await ask(keeper, opened, [record])).toMatchObject([{ status: 'released' }]);
    });

    test('error: its place was taken by a later one, an hour later', async () => {
      const opened = await writeAndOpen(world);
      const { record } = opened;
      const keeper = await runKeeper(world);
      await world.chain.increaseTime({ seconds: 3_600 });
      await world.chain.mine({ blocks: 1 });
      const newest = await open(world, [record.recordId]);
      expect(newest.opening.place).toBe(opened.opening.place);
      expect(await ask(keeper, opened, [record])).toEqual([refusal(record.recordId, 'opening-unknown')]);
      expect(await ask(keeper, newest, [record])).toMatchObject([{ status: 'released' }]);
    });
  });

  describe('the decision', () => {
    test.each([
      ['ConsentMissing', 'the patient revoked', () => revoke()],
      [
        'AccessorSuspended',
        'the manager suspended the accessor',
        () => suspendProvider(world.clientOf(ACTORS.manager), { provider: ACTORS.clinician.address }),
      ],
      [
        'RecordRestricted',
        'the patient keeps the record back',
        (recordId: RecordId) => restrictRecord(world.clientOf(ACTORS.patient), { recordId }),
      ],
      [
        'RecordNotActive',
        'the record was retired',
        (recordId: RecordId) => retireRecord(world.clientOf(ACTORS.patient), { recordId }),
      ],
    ] as const)('error: %s, as %s after the opening', async (decision, _why, change) => {
      const opened = await writeAndOpen(world);
      const { recordId } = opened.record;
      const keeper = await runKeeper(world);
      expect(await ask(keeper, opened, [opened.record])).toMatchObject([{ status: 'released' }]);
      await change(recordId);
      expect(await ask(keeper, opened, [opened.record])).toEqual([refusal(recordId, 'denied', decision)]);
    });

    test('error: ConsentExpired, as the consent ended after the opening', async () => {
      const record = await writeRecord(world);
      const keeper = await runKeeper(world);
      await world.chain.increaseTime({ seconds: CONSENT_PERIOD - 600 });
      await world.chain.mine({ blocks: 1 });
      const opened = await open(world, [record.recordId]);
      await world.chain.increaseTime({ seconds: 1_200 });
      await world.chain.mine({ blocks: 1 });
      expect(await ask(keeper, opened, [record])).toEqual([
        refusal(record.recordId, 'denied', 'ConsentExpired'),
      ]);
    });
  });

  describe('confirmations', () => {
    test('behavior: with C = 2 an opening gives shares two blocks later', async () => {
      const opened = await writeAndOpen(world);
      const keeper = await runKeeper(world, { confirmations: 2 });
      for (let blocks = 0; blocks < 2; blocks++) {
        expect(await ask(keeper, opened, [opened.record])).toEqual([
          refusal(opened.record.recordId, 'opening-unknown'),
        ]);
        await world.chain.mine({ blocks: 1 });
      }
      expect(await ask(keeper, opened, [opened.record])).toMatchObject([{ status: 'released' }]);
    });

    test('error: a revocation counts at once, a new consent late', async () => {
      const opened = await writeAndOpen(world);
      const { recordId } = opened.record;
      const keeper = await runKeeper(world, { confirmations: 2 });
      await world.chain.mine({ blocks: 2 });
      const denied = [refusal(recordId, 'denied', 'ConsentMissing')];
      await revoke();
      expect(await ask(keeper, opened, [opened.record])).toEqual(denied);
      await consentTo(world);
      await world.chain.mine({ blocks: 1 });
      expect(await ask(keeper, opened, [opened.record])).toEqual(denied);
      await world.chain.mine({ blocks: 1 });
      expect(await ask(keeper, opened, [opened.record])).toMatchObject([{ status: 'released' }]);
    });

    test('behavior: before the contracts were deployed nothing stood', async () => {
      const opened = await writeAndOpen(world);
      const keeper = await runKeeper(world, { confirmations: 1_000 });
      expect(await ask(keeper, opened, [opened.record])).toEqual([
        refusal(opened.record.recordId, 'opening-unknown'),
      ]);
    });
  });

  describe('the envelope', () => {
    test('error: key blocks copied into a record of one’s own open nowhere', async () => {
      const victim = await writeRecord(world);
      const own = await seal(world, { patient: ACTORS.secondPatient.address });
      const bytes = Uint8Array.from(own.bytes);
      bytes.set(victim.bytes.subarray(KEEPER_BLOCKS, KEEPER_BLOCKS + 3 * KEEPER_BLOCK), KEEPER_BLOCKS);
      const recordId = await recordIdOf(bytes);
      await index(world, recordId, { by: ACTORS.secondPatient });
      const opened = await open(world, [recordId], ACTORS.secondPatient);
      for (const keeper of world.keepers) {
        const server = await runKeeper(world, {}, keeper);
        expect(await ask(server, opened, [{ recordId, bytes }])).toEqual([refusal(recordId, 'share-broken')]);
      }
    });

    test('error: the whole envelope with another end, as a record of one’s own', async () => {
      const victim = await writeRecord(world);
      const bytes = flipped(victim.bytes, -1);
      const recordId = await recordIdOf(bytes);
      await index(world, recordId, { by: ACTORS.secondPatient });
      const opened = await open(world, [recordId], ACTORS.secondPatient);
      expect(await ask(await runKeeper(world), opened, [{ recordId, bytes }])).toEqual([
        refusal(recordId, 'wrong-patient'),
      ]);
    });

    test('error: the same by an author who may write to the patient’s chart', async () => {
      const victim = await writeRecord(world);
      const bytes = flipped(victim.bytes, -1);
      const recordId = await recordIdOf(bytes);
      await index(world, recordId, { by: ACTORS.clinician, patient: ACTORS.patient });
      const opened = await open(world, [recordId]);
      expect(await ask(await runKeeper(world), opened, [{ recordId, bytes }])).toEqual([
        refusal(recordId, 'wrong-author'),
      ]);
    });

    test('error: of another record', async () => {
      const other = await writeRecord(world);
      const opened = await writeAndOpen(world);
      const { recordId } = opened.record;
      expect(await ask(await runKeeper(world), opened, [{ recordId, bytes: other.bytes }])).toEqual([
        refusal(recordId, 'envelope-not-current'),
      ]);
    });

    test.each([
      ['of another chain', { chainId: 1n }, 'wrong-chain'],
      ['of another contract', { recordIndex: ACTORS.outsider.address }, 'wrong-contract'],
    ] as const)('error: %s', async (_what, overrides, reason) => {
      const record = await writeRecord(world, overrides);
      const opened = await open(world, [record.recordId]);
      expect(await ask(await runKeeper(world), opened, [record])).toEqual([refusal(record.recordId, reason)]);
    });

    test('error: with any one bit turned', async () => {
      const opened = await writeAndOpen(world);
      const { recordId, bytes } = opened.record;
      const keeper = await runKeeper(world);
      const offsets = [0, 8, 13, 40, 60, 80, 100, 200, 400, 900, KEEPER_BLOCKS, KEEPER_BLOCKS + 1_200, -1];
      const asked = offsets.map((offset) => ({ recordId, bytes: flipped(bytes, offset) }));
      const results = await ask(keeper, opened, asked);
      expect(results).toHaveLength(offsets.length);
      const reasons = results.map((result) => result.status === 'refused' && result.reason);
      expect(new Set(reasons)).toEqual(
        new Set(['envelope-malformed', 'wrong-contract', 'envelope-not-current']),
      );
    });

    test('error: not addressed to this keeper', async () => {
      const opened = await writeAndOpen(world);
      const keeper = await runKeeper(world, { keys: seedsFromText(`0x${'ab'.repeat(32)}`) });
      expect(await ask(keeper, opened, [opened.record])).toEqual([
        refusal(opened.record.recordId, 'not-my-envelope'),
      ]);
    });
  });

  describe('the chain', () => {
    test('default: two endpoints that agree', async () => {
      const opened = await writeAndOpen(world);
      const second = await lyingEndpoint(world, (_request, result) => result);
      const keeper = await runKeeper(world, { rpcUrls: [world.rpcUrl, second.url], confirmations: 1 });
      await world.chain.mine({ blocks: 1 });
      expect(await ask(keeper, opened, [opened.record])).toMatchObject([{ status: 'released' }]);
      expect(second.asked).not.toContain('eth_getLogs');
    });

    test('behavior: one state read for a request of many records', async () => {
      const records = [];
      for (let i = 0; i < 5; i++) records.push(await writeRecord(world));
      const opened = await open(
        world,
        records.map(({ recordId }) => recordId),
      );
      const endpoint = await lyingEndpoint(world, (_request, result) => result);
      const keeper = await runKeeper(world, { rpcUrls: [endpoint.url] });
      const before = endpoint.asked.length;
      const results = await ask(keeper, opened, records);
      expect(results.map(({ status }) => status)).toEqual(records.map(() => 'released'));
      expect(endpoint.asked.slice(before)).toEqual(['eth_getBlockByNumber', 'eth_call']);
    });

    test.each([
      [
        'an endpoint that alters an answer',
        'CHAIN_DISAGREES',
        (method: string, result: unknown) =>
          method === 'eth_call' && typeof result === 'string' ? withOtherEnd(result) : result,
      ],
      [
        'an endpoint that answers with what is no answer',
        'CHAIN_UNREACHABLE',
        (method: string, result: unknown) => (method === 'eth_call' ? { yes: true } : result),
      ],
    ])('error: %s', async (_what, code, lie) => {
      const opened = await writeAndOpen(world);
      let lying = false;
      const liar = await lyingEndpoint(world, ({ method }, result) => (lying ? lie(method, result) : result));
      const keeper = await runKeeper(world, { rpcUrls: [world.rpcUrl, liar.url] });
      lying = true;
      expect(await problemOf(keeper.url, opened)).toEqual([503, `urn:chartkey:problem:${code}`]);
    });

    test('error: a first endpoint that lies about a revocation is found out by the second', async () => {
      const opened = await writeAndOpen(world);
      let permitted: unknown;
      let lying = false;
      const liar = await lyingEndpoint(world, ({ method }, result) => {
        if (method !== 'eth_call') return result;
        if (!lying) permitted = result;
        return lying ? permitted : result;
      });
      const keeper = await runKeeper(world, { rpcUrls: [liar.url, world.rpcUrl] });
      expect(await ask(keeper, opened, [opened.record])).toMatchObject([{ status: 'released' }]);
      lying = true;
      await revoke();
      expect(await problemOf(keeper.url, opened)).toEqual([503, 'urn:chartkey:problem:CHAIN_DISAGREES']);
    });

    test('error: a first endpoint that lies about the time is found out by the second', async () => {
      const opened = await writeAndOpen(world);
      const liar = await lyingEndpoint(world, ({ method }, result) =>
        method === 'eth_getBlockByNumber' && typeof result === 'object'
          ? { ...result, timestamp: `0x${(Math.floor(Date.now() / 1000) + 60).toString(16)}` }
          : result,
      );
      await expect(runKeeper(world, { rpcUrls: [liar.url, world.rpcUrl] })).rejects.toThrow(
        /do not have the same blocks/,
      );
      const believing = await runKeeper(world, { rpcUrls: [liar.url] });
      expect(await ask(believing, opened, [opened.record])).toMatchObject([{ status: 'released' }]);
    });

    test.each([
      ['behind', -3_600],
      ['from the future', 3_600],
    ])('error: a head that is %s', async (_what, seconds) => {
      const opened = await writeAndOpen(world);
      let shift = 0;
      const endpoint = await lyingEndpoint(world, ({ method }, result) =>
        method === 'eth_getBlockByNumber' && typeof result === 'object' && result && 'timestamp' in result
          ? { ...result, timestamp: `0x${(Number(result.timestamp) + shift).toString(16)}` }
          : result,
      );
      const keeper = await runKeeper(world, { rpcUrls: [endpoint.url], maxHeadAge: 120 });
      expect(await ask(keeper, opened, [opened.record])).toMatchObject([{ status: 'released' }]);
      shift = seconds;
      expect(await problemOf(keeper.url, opened)).toEqual([503, 'urn:chartkey:problem:CHAIN_STALE']);
    });

    test('error: an endpoint that is down', async () => {
      const opened = await writeAndOpen(world);
      const endpoint = await lyingEndpoint(world, (_request, result) => result);
      const keeper = await runKeeper(world, { rpcUrls: [world.rpcUrl, endpoint.url] });
      expect(await ask(keeper, opened, [opened.record])).toMatchObject([{ status: 'released' }]);
      endpoint.close();
      expect(await problemOf(keeper.url, opened)).toEqual([503, 'urn:chartkey:problem:CHAIN_UNREACHABLE']);
    });
  });

  test('behavior: the log has counts and reasons, and nobody in it', async () => {
    const opened = await writeAndOpen(world);
    const { recordId, bytes } = opened.record;
    const keeper = await runKeeper(world);
    await ask(keeper, opened, [opened.record, { recordId, bytes: flipped(bytes, -1) }]);
    await post(keeper.url, '/v1/shares', { nobody: ACTORS.patient.address });
    expect(keeper.lines.map((line) => JSON.parse(line))).toEqual([
      {
        event: 'shares',
        ms: expect.any(Number),
        accessor: expect.stringMatching(/^[A-Za-z0-9_-]{11}$/),
        released: 1,
        refused: { 'envelope-not-current': 1 },
      },
      { event: 'problem', code: 'INPUT_INVALID' },
    ]);
    expect(keeper.lines.join('\n')).not.toMatch(/0x/);
  });
});

function withOtherEnd(text: string): string {
  return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
}

function revoke() {
  return revokeConsent(world.clientOf(ACTORS.patient), { accessor: ACTORS.clinician.address });
}

async function problemOf(url: string, opened: Opened & { readonly record: SealedEnvelope }) {
  const response = await post(url, '/v1/shares', sharesBody(opened, [opened.record]));
  const { type } = (await response.json()) as { readonly type: string };
  return [response.status, type];
}
