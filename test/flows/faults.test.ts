import { createServer, type Server } from 'node:http';
import {
  combineShares,
  type KeeperNetwork,
  type KeeperShare,
  keeperEpoch,
  keyPairFromSeed,
  openKeeperBlock,
  openThroughKeepers,
  parseEnvelope,
  type RecordId,
  rawCid,
  readBlock,
  revokeConsent,
} from '@chartkey/sdk';
import { type Account, hexToBytes } from 'viem';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACTORS, devAccount } from '../../scripts/lib/accounts.ts';
import { ROOT, startService } from '../../scripts/lib/process.ts';
import { type RunningKeeper, type Stack, startStack } from '../../scripts/lib/stack.ts';
import { openWard, writeLetters } from '../../scripts/lib/ward.ts';

/* Keepers are killed, endpoints die, keys are mixed up: nothing is lost, and nothing comes out that should not. */

const OPENINGS = 500;
const ACCESSORS: readonly Account[] = Array.from({ length: 20 }, (_, i) => devAccount(30 + i));
/** Consent is taken from this one before anything happens. */
const REVOKED = ACTORS.lab;

let stack: Stack;
let letters: RecordId[];
/** In front of the chain, as a second endpoint that can be switched off. */
let second: { readonly url: string; readonly stop: () => void; readonly start: () => Promise<void> };

beforeAll(async () => {
  stack = await startStack();
  for (const accessor of ACCESSORS) await fund(accessor);
  await openWard(stack, [...ACCESSORS, REVOKED]);
  letters = await writeLetters(stack, ['first', 'second', 'third']);
  second = await secondEndpoint();
}, 300_000);
afterAll(async () => {
  second?.stop();
  await stack?.close();
});

/** Keepers in front of which nothing stands, asked with less patience than a person has. */
const network: KeeperNetwork = { urlOf: ({ endpoint }) => endpoint, timeoutMs: 5_000 };

async function open(accessor: Account, recordIds: readonly RecordId[] = letters.slice(0, 1)) {
  const client = stack.clientOf(accessor);
  return openThroughKeepers(client, { ...stack, network, recordIds, purpose: 'TREAT' });
}

type Opened = Awaited<ReturnType<typeof open>>;
const outcomesOf = ({ outcomes }: Opened) =>
  outcomes.map((outcome) => (outcome.status === 'opened' ? 'opened' : outcome.error.code));

describe('n − k keepers that are killed and come back', () => {
  test('default: 500 openings by 20 accessors, none lost', { timeout: 900_000 }, async () => {
    let left = OPENINGS;
    const counts: Record<string, number> = {};
    let done = false;
    const lane = async (accessor: Account) => {
      while (left-- > 0) {
        for (const outcome of outcomesOf(await open(accessor))) counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
    };
    // Whoever must not read tries all the while.
    let tries = 0;
    const intruder = async () => {
      while (!done && tries < 3) {
        expect(outcomesOf(await open(REVOKED))).toEqual(['OPENING_REFUSED']);
        tries++;
      }
    };
    await revokeConsent(stack.clientOf(ACTORS.patient), { accessor: REVOKED.address });
    let kills = 0;
    const killer = async () => {
      for (let i = 0; !done; i++) {
        const victim = stack.keepers[i % stack.keepers.length];
        await killAtOnce(victim);
        kills++;
        await victim?.restart();
      }
    };
    const killing = killer();
    await Promise.all([...ACCESSORS.map(lane), intruder()]);
    done = true;
    await killing;
    expect(counts).toEqual({ opened: OPENINGS });
    expect(kills).toBeGreaterThan(2);
  });

  test('error: more than n − k: nothing opens, and after they are back the same person opens', async () => {
    const [first, other] = stack.keepers;
    await Promise.all([killAtOnce(first), killAtOnce(other)]);
    expect(outcomesOf(await open(ACCESSORS[0] as Account))).toEqual(['KEEPERS_TOO_FEW']);
    await Promise.all([first?.restart(), other?.restart()]);
    expect(outcomesOf(await open(ACCESSORS[0] as Account))).toEqual(['opened']);
  });
});

describe('an RPC endpoint that dies', () => {
  test('error: its keeper says so and releases nothing; the others are enough', async () => {
    const keeper = stack.keepers[0];
    await keeper?.service.close();
    const service = await startAs(keeper, { CHARTKEY_KEEPER_RPC_URLS: `${stack.rpcUrl},${second.url}` });
    try {
      expect((await fetch(`${keeper?.endpoint}/readyz`)).status).toBe(200);
      second.stop();
      const ready = await fetch(`${keeper?.endpoint}/readyz`);
      expect(await ready.json()).toMatchObject({ type: 'urn:chartkey:problem:CHAIN_UNREACHABLE' });
      expect(outcomesOf(await open(ACCESSORS[1] as Account, letters))).toEqual(letters.map(() => 'opened'));
      await second.start();
      expect((await fetch(`${keeper?.endpoint}/readyz`)).status).toBe(200);
    } finally {
      await service.close();
      await keeper?.restart();
    }
  });
});

describe('a keeper with another keeper’s key', () => {
  test('error: does not start', async () => {
    const [first, other] = stack.keepers;
    await first?.service.close();
    await expect(startAs(first, { CHARTKEY_KEEPER_SEED: other?.seed ?? '' })).rejects.toThrow(
      /belongs to another keeper of the current epoch/,
    );
    await first?.restart();
  });

  test('behavior: one that answers in another’s place is named, and adds no share', async () => {
    const [first, other] = stack.keepers;
    const mixed: KeeperNetwork = {
      ...network,
      urlOf: (keeper) => (keeper.operator === first?.operator ? (other?.endpoint ?? '') : keeper.endpoint),
    };
    await stack.keepers[2]?.service.close();
    const client = stack.clientOf(ACCESSORS[2] as Account);
    const recordIds = letters.slice(0, 1);
    const opened = await openThroughKeepers(client, {
      ...stack,
      network: mixed,
      recordIds,
      purpose: 'TREAT',
    });
    expect(outcomesOf(opened)).toEqual(['KEEPERS_TOO_FEW']);
    expect(opened.keepers[0]?.outcome).toBe('lied');
    await stack.keepers[2]?.restart();
  });
});

describe('keepers that collude', () => {
  test('error: k − 1 of them get nothing out of the envelopes that everybody has', async () => {
    const epoch = await keeperEpoch(stack.clientOf());
    for (const letter of letters) {
      const envelope = parseEnvelope(await readBlock(stack.storage, rawCid(hexToBytes(letter))));
      const shares = await sharesOf(stack.keepers.slice(0, (epoch?.threshold ?? 0) - 1), envelope);
      await expect(combineShares(envelope, shares)).rejects.toMatchObject({ code: 'SHARES_TOO_FEW' });
      // Nor with one that they make up, or their own under another place.
      const [own] = shares;
      if (!own) throw new Error('no share');
      for (const index of [1, 2]) {
        const made = { index, x: envelope.keeperBlocks[index]?.x ?? 0, share: own.share };
        await expect(combineShares(envelope, [own, made])).rejects.toMatchObject({ code: 'SHARE_WRONG' });
      }
    }
  });

  test('error: two of 3-of-5 get nothing either', { timeout: 300_000 }, async () => {
    const larger = await startStack({ keeperCount: 5, threshold: 3 });
    try {
      await openWard(larger, [ACTORS.clinician]);
      const [letter] = await writeLetters(larger, ['three of five']);
      const envelope = parseEnvelope(await readBlock(larger.storage, rawCid(hexToBytes(letter ?? '0x'))));
      const two = await sharesOf(larger.keepers.slice(0, 2), envelope);
      await expect(combineShares(envelope, two)).rejects.toMatchObject({ code: 'SHARES_TOO_FEW' });
      const three = await sharesOf(larger.keepers.slice(0, 3), envelope);
      expect(await combineShares(envelope, three)).toHaveLength(32);
    } finally {
      await larger.close();
    }
  });
});

async function sharesOf(
  keepers: readonly RunningKeeper[],
  envelope: ReturnType<typeof parseEnvelope>,
): Promise<KeeperShare[]> {
  const shares = await Promise.all(
    keepers.map(async ({ seed }) => openKeeperBlock(envelope, await keyPairFromSeed(hexToBytes(seed)))),
  );
  return shares.filter((share) => share !== undefined);
}

/** As a machine that loses its power. */
async function killAtOnce(keeper: RunningKeeper | undefined): Promise<void> {
  await keeper?.service.kill();
}

function startAs(keeper: RunningKeeper | undefined, env: Record<string, string>) {
  if (!keeper) throw new Error('no keeper');
  return startService({
    name: 'keeper with other settings',
    args: [`${ROOT}/keeper/src/main.ts`],
    env: {
      CHARTKEY_KEEPER_PORT: new URL(keeper.endpoint).port,
      CHARTKEY_KEEPER_SEED: keeper.seed,
      CHARTKEY_KEEPER_OPERATOR: keeper.operator,
      CHARTKEY_KEEPER_RPC_URLS: stack.rpcUrl,
      CHARTKEY_KEEPER_ADDRESSES_FILE: stack.addressesFile,
      ...env,
    },
    ready: /keeper .* listening on/,
  });
}

async function fund(account: Account): Promise<void> {
  const { walletClient, publicClient } = stack.clientOf(ACTORS.governor);
  const to = account.address;
  const hash = await walletClient?.sendTransaction({
    to,
    value: 10n ** 19n,
    chain: walletClient.chain ?? null,
  });
  if (hash) await publicClient.waitForTransactionReceipt({ hash });
}

async function secondEndpoint() {
  let server: Server | undefined;
  let port = 0;
  const start = async () => {
    server = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(stack.rpcUrl, { method: 'POST', body: Buffer.concat(pieces), headers });
      response.setHeader('content-type', 'application/json');
      response.end(await answer.text());
    });
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    port = (server.address() as { readonly port: number }).port;
  };
  const stop = () => {
    server?.closeAllConnections();
    server?.close();
  };
  await start();
  return { url: `http://127.0.0.1:${port}`, start, stop };
}
