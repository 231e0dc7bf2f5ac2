import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { Address } from 'viem';
import { z } from 'zod';
import { parseCid } from '../cid.ts';
import { NodeError } from '../errors.ts';
import type { Gate } from './gate.ts';
import type { Upload } from './ledger.ts';
import { limited, readJson } from './requests.ts';
import { notAdmitted, participantOf } from './sign-in.ts';

const MAX_CIDS = 8_192;

const Cids = z.strictObject({ cids: z.array(z.string().max(128)).min(1).max(MAX_CIDS) });
const Roots = z.strictObject({ roots: z.array(z.string().max(128)).min(1).max(16) });

/**
 * An upload in parts: open, say what is missing, send CARs, commit. Parts are staged here and
 * reach the store together, so a store never holds half a record.
 */
export function uploadRoutes(gate: Gate): Hono {
  const app = new Hono();
  app.post('/', (c) => openUpload(c, gate));
  app.post('/:id/missing', (c) => missing(c, gate));
  app.post('/:id/car', (c) => takePart(c, gate));
  app.post('/:id/commit', (c) => commit(c, gate));
  app.delete('/:id', (c) => cancel(c, gate));
  return app;
}

async function openUpload(c: Context, gate: Gate): Promise<Response> {
  const { config, ledger, registry } = gate;
  const participant = participantOf(gate, c.req.header('Authorization'));
  // Again, as a suspension since the sign-in counts at once.
  if (!(await registry.mayUpload(participant as Address))) throw notAdmitted();

  const id = randomUUID();
  const expiresAt = Date.now() + config.uploadMs;
  if (!ledger.addUpload(id, participant, expiresAt, config.maxOpenUploads)) {
    throw new NodeError('too-many', 'too many uploads are open');
  }
  return c.json({ id, expiresAt, maxPartBytes: config.maxPartBytes }, 201);
}

async function missing(c: Context, gate: Gate): Promise<Response> {
  const upload = requireUpload(c, gate);
  const { cids } = await readJson(c, Cids);
  const answer: string[] = [];
  for (const text of cids) {
    const cid = parseCid(text);
    // What others stored does not count: to know that it is here would be an answer to a question.
    if (!gate.ledger.isStaged(upload.id, cid.toString())) answer.push(text);
  }
  return c.json({ missing: answer });
}

async function takePart(c: Context, gate: Gate): Promise<Response> {
  const { config, ledger, staging } = gate;
  const upload = requireUpload(c, gate);
  requireOpen(upload);
  const count = { blocks: 0, bytes: 0 };
  await staging.write(upload.id, limited(c.req.raw.body, config.maxPartBytes), {
    isStaged: (cid) => {
      count.blocks += 1;
      return ledger.isStaged(upload.id, cid);
    },
    take: (part) => {
      if (!ledger.stage(upload, part, config)) throw overQuota();
      for (const [, bytes] of part) count.bytes += bytes;
    },
  });
  return c.json(count);
}

async function commit(c: Context, gate: Gate): Promise<Response> {
  const { ledger, staging, backend } = gate;
  const upload = requireUpload(c, gate);
  const { roots } = await readJson(c, Roots);
  const cids = roots.map(parseCid);
  // The answer to an earlier commit may have been lost on its way.
  if (upload.state === 'done') return c.json({ pinned: roots });
  // One that was begun and never ended, as a gate was killed, is done again: it has no effect twice.
  ledger.moveUpload(upload.id, 'open', 'committing');
  try {
    await backend.store(staging.read(upload.id), cids);
  } catch (error) {
    ledger.moveUpload(upload.id, 'committing', 'open');
    throw error;
  }
  if (ledger.moveUpload(upload.id, 'committing', 'done')) {
    ledger.addUsage(upload.participant, upload.stagedBytes);
  }
  ledger.unstage(upload.id);
  await staging.remove(upload.id);
  return c.json({ pinned: roots });
}

async function cancel(c: Context, gate: Gate): Promise<Response> {
  const upload = requireUpload(c, gate);
  requireOpen(upload);
  gate.ledger.removeUpload(upload.id);
  await gate.staging.remove(upload.id);
  return c.body(null, 204);
}

/** Somebody else's upload and one that never was look alike. */
function requireUpload(c: Context, gate: Gate): Upload {
  const participant = participantOf(gate, c.req.header('Authorization'));
  const upload = gate.ledger.upload(c.req.param('id') ?? '');
  if (upload === undefined || upload.participant !== participant || upload.expiresAt <= Date.now()) {
    throw new NodeError('not-found', 'there is no such upload');
  }
  return upload;
}

function requireOpen(upload: Upload): void {
  if (upload.state !== 'open') throw new NodeError('busy', 'this upload is committed');
}

function overQuota(): NodeError {
  return new NodeError('too-large', 'this goes over what an upload or a participant may have here');
}
