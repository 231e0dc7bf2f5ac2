import {
  type AroundRelay,
  endSession,
  openRecords,
  type RelayChoice,
  type RelayError,
  revokeAll,
  startSession,
} from '@chartkey/sdk';
import { isAddressEqual } from 'viem';
import type { LocalAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { devAccount } from '../../scripts/lib/accounts.ts';
import type { RunningRelay } from '../../scripts/lib/relay.ts';
import { accepts, type Lies, problem, sendBatch, startLiar } from './liar.ts';
import {
  digest,
  enrolClinician,
  enrolPatient,
  nonceOf,
  runRelay,
  startWorld,
  through,
  type World,
} from './world.ts';

/** Pays for what a liar sends. */
const CROOK = devAccount(18);
const RICH = devAccount(17);

let world: World;
let honest: RunningRelay;

beforeAll(async () => {
  world = await startWorld();
  honest = await runRelay(world);
});
afterAll(async () => {
  await honest?.service.close();
  await world?.close();
});

async function patient({ ether = 0n } = {}): Promise<LocalAccount> {
  const { account } = await enrolPatient(world, honest);
  const { walletClient, publicClient } = world.clientOf(RICH);
  if (ether > 0n && walletClient) {
    const sent = { account: RICH, chain: null, to: account.address, value: ether };
    await publicClient.waitForTransactionReceipt({ hash: await walletClient.sendTransaction(sent) });
  }
  return account;
}

/** Somebody who says these things one after the other, and counts what their wallet signed. */
async function asked(account: LocalAccount, lies: Lies, words: readonly RelayChoice[]) {
  const relay = await startLiar(lies);
  onTestFinished(() => relay.close());
  const heard: string[] = [];
  const left = [...words];
  let signatures = 0;
  const person: LocalAccount = {
    ...account,
    signTypedData: ((typed) => {
      ++signatures;
      return account.signTypedData(typed);
    }) as LocalAccount['signTypedData'],
  };
  const aroundRelay: AroundRelay = {
    ask: async ({ code }: RelayError) => {
      heard.push(code);
      return left.shift() ?? 'stop';
    },
    said: () => (left[0] === 'again' ? undefined : left[0]),
  };
  const client = { ...through(world, relay, person), aroundRelay };
  return { client, relay, heard, signatures: () => signatures };
}

describe('somebody who is asked about a relay', () => {
  test('behavior: again: the same request, and no other signature', async () => {
    let posts = 0;
    const at = await asked(
      await patient(),
      {
        onPost: async (requests) => {
          if (++posts < 3) return undefined;
          await sendBatch(world, CROOK, requests);
          return accepts(requests);
        },
      },
      ['again', 'again'],
    );
    const sent = await revokeAll(at.client);
    expect(isAddressEqual(sent.receipt.from, CROOK.address)).toBe(true);
    expect(at.heard).toEqual(['RELAY_UNREACHABLE', 'RELAY_UNREACHABLE']);
    expect(at.signatures()).toBe(1);
    expect(new Set(at.relay.kept.map(({ signature }) => signature)).size).toBe(1);
  });

  test('behavior: themselves: the same request from their own wallet, once', async () => {
    const account = await patient({ ether: 10n ** 18n });
    for (const onPost of [() => undefined, () => problem('RATE_LIMITED', 429), () => problem('BUSY', 503)]) {
      const before = await nonceOf(world, account.address);
      const at = await asked(account, { onPost }, ['self']);
      const sent = await revokeAll(at.client);
      expect(isAddressEqual(sent.receipt.from, account.address)).toBe(true);
      expect(at.signatures()).toBe(1);
      await sendBatch(world, CROOK, at.relay.kept);
      expect(await nonceOf(world, account.address)).toBe(before + 1n);
    }
  });

  test('error: themselves without ether: nothing is sent', async () => {
    const at = await asked(await patient(), { onPost: () => undefined }, ['self']);
    await expect(revokeAll(at.client)).rejects.toMatchObject({ code: 'RELAY_UNREACHABLE' });
    expect(at.heard).toEqual(['RELAY_UNREACHABLE']);
  });

  test('error: stop: what the relay said is told, and a wallet that could pay is left alone', async () => {
    const account = await patient({ ether: 10n ** 18n });
    const { publicClient } = world.clientOf();
    const before = await publicClient.getBalance({ address: account.address });
    const at = await asked(account, { onPost: () => problem('FUNDS_LOW', 503) }, ['stop']);
    await expect(revokeAll(at.client)).rejects.toMatchObject({ code: 'RELAY_UNREACHABLE' });
    expect(await publicClient.getBalance({ address: account.address })).toBe(before);
  });

  test('behavior: a relay that takes it and does nothing: sent by its person, or waited for no longer', async () => {
    const account = await patient({ ether: 10n ** 18n });
    const stopped = await asked(account, { onPost: accepts }, ['stop']);
    await expect(revokeAll(stopped.client)).rejects.toMatchObject({ code: 'CANCELLED', retryable: true });
    const self = await asked(await patient({ ether: 10n ** 18n }), { onPost: accepts }, ['self']);
    const sent = await revokeAll(self.client);
    expect(isAddressEqual(sent.receipt.from, CROOK.address)).toBe(false);
    expect(self.heard).toEqual([]);
  });

  test('error: a session that has ended meanwhile is no question', async () => {
    const { client, recordIds } = await enrolPatient(world, honest, { records: 1 });
    const clinician = await enrolClinician(world, honest, client);
    const expiresAt = Math.floor(Date.now() / 1000) + 3_600;
    const { session } = await startSession(clinician.client, { expiresAt });
    await endSession(clinician.client);
    const at = await asked(clinician.account, { onPost: () => problem('SIGNATURE_INVALID', 422) }, ['self']);
    const opening = { recordIds, purpose: 'TREAT', keyHash: digest('key') } as const;
    await expect(openRecords({ ...at.client, session }, opening)).rejects.toMatchObject({
      code: 'SESSION_ENDED',
    });
    expect(at.heard).toEqual([]);
    expect(at.signatures()).toBe(0);
  });
});
