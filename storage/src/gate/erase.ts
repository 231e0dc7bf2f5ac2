import { bodyCid, EnvelopeError, envelopeCid, parseEnvelope, type RecordId } from '@chartkey/sdk';
import { type Context, Hono } from 'hono';
import type { CID } from 'multiformats/cid';
import { type Hex, hexToBytes, isAddressEqual, isHex } from 'viem';
import { invalid, NodeError } from '../errors.ts';
import type { Gate } from './gate.ts';
import type { Registry } from './registry.ts';

type Ended = NonNullable<Awaited<ReturnType<Registry['recordOf']>>>;
type Envelope = ReturnType<typeof parseEnvelope>;

/**
 * Takes an ended record off every node behind the gate. Who asks does not matter, as the chain says
 * what has ended. What belongs to it is not believed from anybody either: an envelope must be one
 * that the chain names for this record and must name the same patient and author; a body must have
 * come here for this very record. So nobody can end a record of their own that points to the bytes
 * of somebody else's.
 */
export function eraseRoutes(gate: Gate): Hono {
  const app = new Hono();
  app.post('/:recordId/erase', (c) => erase(c, gate));
  return app;
}

async function erase(c: Context, gate: Gate): Promise<Response> {
  const recordId = c.req.param('recordId') ?? '';
  if (!isHex(recordId) || recordId.length !== 66) throw invalid('/records/<recordId>/erase: 32 bytes in hex');
  const record = await gate.registry.recordOf(recordId.toLowerCase() as RecordId);
  if (record === undefined || (record.status !== 'Retired' && record.status !== 'Rejected')) {
    throw new NodeError('not-ended', 'the chain does not say that this record is retired or rejected');
  }
  const unpinned = await eraseRecord(gate, record);
  return c.json({ unpinned });
}

/** @returns how many pins were taken off, on all nodes together */
async function eraseRecord(gate: Gate, record: Ended): Promise<number> {
  const { nodes, ledger } = gate;
  const envelopes: CID[] = [];
  const bodies = new Map<string, CID>();
  for (const digest of record.envelopes) {
    const cid = envelopeCid(hexToBytes(digest));
    const envelope = await envelopeAt(gate, cid);
    if (envelope === undefined || !belongsTo(envelope, record, gate.registry)) continue;
    envelopes.push(cid);
    const body = bodyCid(hexToBytes(envelope.bodyDigest), envelope.bodyLength);
    if ((await ledger.recordOfBody(body.toString())) === record.recordId) bodies.set(body.toString(), body);
  }
  let unpinned = 0;
  // An envelope says where the body is: it has to outlive an erasure that was interrupted.
  for (const root of [...bodies.values(), ...envelopes]) {
    unpinned += (await nodes.unpin(root)).filter(Boolean).length;
    await ledger.releaseRoot(root.toString());
  }
  if (envelopes.length > 0) await nodes.collect();
  return unpinned;
}

async function envelopeAt({ nodes }: Gate, cid: CID): Promise<Envelope | undefined> {
  try {
    return parseEnvelope(await nodes.read(cid));
  } catch (error) {
    // Gone by now, or never one: there is nothing that could be known to be this record's.
    if (error instanceof EnvelopeError) return undefined;
    if (error instanceof NodeError && (error.fault === 'not-found' || error.fault === 'corrupt'))
      return undefined;
    throw error;
  }
}

function belongsTo(envelope: Envelope, record: Ended, { chainId, recordIndex }: Registry): boolean {
  return (
    envelope.chainId === BigInt(chainId) &&
    isAddressEqual(envelope.recordIndex, recordIndex) &&
    isAddressEqual(envelope.patient, record.patient) &&
    isAddressEqual(envelope.author, record.author)
  );
}

/** At the commit of an envelope: from now on its body is known to be this record's. */
export async function claimBody({ nodes, ledger }: Gate, root: CID, participant: string): Promise<void> {
  const envelope = await envelopeOrNot(nodes, root);
  if (envelope === undefined) return;
  const record: Hex = `0x${Buffer.from(root.multihash.digest).toString('hex')}`;
  const body = bodyCid(hexToBytes(envelope.bodyDigest), envelope.bodyLength);
  await ledger.claimBody(body.toString(), record, participant);
}

async function envelopeOrNot(nodes: Gate['nodes'], root: CID): Promise<Envelope | undefined> {
  try {
    return parseEnvelope(await nodes.read(root));
  } catch (error) {
    if (error instanceof EnvelopeError) return undefined;
    throw error;
  }
}
