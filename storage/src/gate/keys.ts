import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { Address } from 'viem';
import { carHeader, sectionHeader } from '../car.ts';
import { cidOf, RAW } from '../cid.ts';
import { invalid, NodeError } from '../errors.ts';
import type { Gate } from './gate.ts';
import type { WaitingKey } from './ledger-roots.ts';
import { limited, PatientId } from './requests.ts';

/** Far above the longest key block: 32 keys and 8 ways to open them. */
const MAX_KEY_BYTES = 16_384;

/** Each is a question to the chain, and anybody can have blocks wait. */
const KEYS_AT_ONCE = 256;

type Parts = Omit<Gate, 'sweep' | 'close'>;

/**
 * Key blocks, without a sign-in: who enrols is nobody yet, and the chain alone says whose key a
 * block is. A block waits, for a while and in bounded number, and is stored once the chain names
 * it as the patient's own. So it is there before the first author looks for it.
 */
export function keyRoutes(gate: Parts): Hono {
  const app = new Hono();
  app.put('/:patient', (c) => takeKey(c, gate));
  return app;
}

async function takeKey(c: Context, gate: Parts): Promise<Response> {
  const { config, ledger } = gate;
  const patient = PatientId.safeParse(c.req.param('patient'));
  if (!patient.success) throw invalid('/keys/<patient>: an address is needed');
  const pieces: Uint8Array[] = [];
  for await (const piece of limited(c.req.raw.body, MAX_KEY_BYTES)) pieces.push(piece);
  const block = Buffer.concat(pieces);
  if (block.length === 0) throw invalid('a key block is needed');
  const digest = createHash('sha256').update(block).digest('hex');
  const key = { digest, patient: patient.data.toLowerCase(), block };
  if (await storeIfNamed(gate, key)) return c.json({ state: 'stored' });
  if (!(await ledger.addWaiting(key, Date.now() + config.waitingKeyMs, config.maxWaitingKeys))) {
    throw new NodeError('too-many', 'too many keys wait to be named by the chain: try again later');
  }
  return c.json({ state: 'waiting' }, 202);
}

/**
 * Stores waiting keys that the chain names by now: those of people who went away before they could
 * say so themselves. A chain that is down keeps them waiting.
 */
export async function sweepKeys(gate: Parts): Promise<void> {
  for (const key of await gate.ledger.waiting(KEYS_AT_ONCE)) {
    try {
      await storeIfNamed(gate, key);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
    }
  }
}

async function storeIfNamed(
  { registry, nodes, ledger }: Parts,
  { digest, patient, block }: WaitingKey,
): Promise<boolean> {
  if ((await registry.keyHashOf(patient as Address)) !== `0x${digest}`) return false;
  const bytes = new Uint8Array(block);
  const cid = cidOf(RAW, Buffer.from(digest, 'hex'));
  await nodes.store(() => oneBlock({ cid, bytes }), [cid]);
  await ledger.removeWaiting(digest);
  return true;
}

async function* oneBlock(block: { readonly cid: ReturnType<typeof cidOf>; readonly bytes: Uint8Array }) {
  yield (async function* () {
    yield carHeader(block.cid);
    yield sectionHeader(block);
    yield block.bytes;
  })();
}
