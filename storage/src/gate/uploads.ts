import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { CID } from 'multiformats/cid';
import { z } from 'zod';
import { parseCid } from '../cid.ts';
import { NodeError } from '../errors.ts';
import { claimBody } from './erase.ts';
import { forwarded } from './forward.ts';
import type { Gate } from './gate.ts';
import type { Upload } from './ledger-uploads.ts';
import { limited, readJson } from './requests.ts';
import { participantOf } from './sign-in.ts';

const MAX_CIDS = 8_192;

const Cids = z.strictObject({ cids: z.array(z.string().max(128)).min(1).max(MAX_CIDS) });
const Roots = z.strictObject({ roots: z.array(z.string().max(128)).min(1).max(16) });

type Handler = (c: Context, gate: Gate, upload: Upload) => Promise<Response>;

/**
 * An upload in parts: open, say what is missing, send CARs, commit. Parts are staged at the gate
 * that opened it and reach the store together, so a store never holds half a record.
 */
export function uploadRoutes(gate: Gate): Hono {
  const app = new Hono();
  const atHome = (handler: Handler) => async (c: Context) => {
    const upload = await requireUpload(c, gate);
    return (await forwarded(c, gate.config, upload.home)) ?? handler(c, gate, upload);
  };
  app.post('/', (c) => openUpload(c, gate));
  app.post('/:id/missing', atHome(missing));
  app.post('/:id/car', atHome(takePart));
  app.post('/:id/commit', atHome(commit));
  app.delete('/:id', async (c) => cancel(c, gate, await requireUpload(c, gate)));
  return app;
}

async function openUpload(c: Context, gate: Gate): Promise<Response> {
  const { config, ledger, registry } = gate;
  const participant = await participantOf(gate, c.req.header('Authorization'));
  // Again, as a suspension since the sign-in counts at once.
  await registry.requireParticipant(participant);

  const id = randomUUID();
  const expiresAt = Date.now() + config.uploadMs;
  const upload = { id, participant, home: config.peerUrl ?? '', expiresAt };
  if (!(await ledger.addUpload(upload, config.maxOpenUploads))) {
    throw new NodeError('too-many', 'too many uploads are open');
  }
  return c.json({ id, expiresAt, maxPartBytes: config.maxPartBytes }, 201);
}

async function missing(c: Context, { ledger }: Gate, upload: Upload): Promise<Response> {
  const { cids } = await readJson(c, Cids);
  const asked = cids.map((text) => ({ text, cid: parseCid(text).toString() }));
  // What others stored does not count: to know that it is here would be an answer to a question.
  const staged = await ledger.stagedOf(
    upload.id,
    asked.map(({ cid }) => cid),
  );
  return c.json({ missing: asked.filter(({ cid }) => !staged.has(cid)).map(({ text }) => text) });
}

async function takePart(c: Context, { config, ledger, staging }: Gate, upload: Upload): Promise<Response> {
  requireOpen(upload);
  const count = { blocks: 0, bytes: 0 };
  await staging.write(upload.id, limited(c.req.raw.body, config.maxPartBytes), {
    isStaged: async (cid) => {
      count.blocks += 1;
      return (await ledger.stagedOf(upload.id, [cid])).has(cid);
    },
    take: async (part) => {
      if (!(await ledger.stage(upload, part, config))) throw overQuota();
      for (const [, bytes] of part) count.bytes += bytes;
    },
  });
  return c.json(count);
}

async function commit(c: Context, gate: Gate, upload: Upload): Promise<Response> {
  const { ledger, staging, nodes } = gate;
  const { roots } = await readJson(c, Roots);
  const cids = roots.map(parseCid);
  // The answer to an earlier commit may have been lost on its way.
  if (upload.state === 'done') return c.json({ pinned: roots });
  await requireOwn(gate, upload, cids);
  // One that was begun and never ended, as a gate was killed, is done again: it has no effect twice.
  await ledger.moveUpload(upload.id, 'open', 'committing');
  try {
    await nodes.store(() => staging.read(upload.id), cids);
    for (const cid of cids) await claimBody(gate, cid, upload.participant);
  } catch (error) {
    await ledger.moveUpload(upload.id, 'committing', 'open');
    throw error;
  }
  await ledger.finishUpload({ upload, roots: cids.map(String) });
  await staging.remove(upload.id);
  return c.json({ pinned: roots });
}

/** Who brings nothing can't have anything pinned, nor learn whether it is here. */
async function requireOwn({ ledger }: Gate, { id }: Upload, roots: readonly CID[]): Promise<void> {
  const staged = await ledger.stagedOf(id, roots.map(String));
  if (roots.every((cid) => staged.has(cid.toString()))) return;
  throw new NodeError('not-found', 'a root was not sent with this upload');
}

async function cancel(c: Context, { ledger, staging }: Gate, upload: Upload): Promise<Response> {
  requireOpen(upload);
  await ledger.removeUpload(upload.id);
  // Where the parts lie on another gate's disk, that one sweeps them.
  await staging.remove(upload.id);
  return c.body(null, 204);
}

/** Somebody else's upload and one that never was look alike. */
async function requireUpload(c: Context, gate: Gate): Promise<Upload> {
  const participant = await participantOf(gate, c.req.header('Authorization'));
  const upload = await gate.ledger.upload(c.req.param('id') ?? '');
  if (upload === undefined || upload.participant !== participant || upload.expiresAt <= Date.now()) {
    throw new NodeError('not-found', 'there is no such upload');
  }
  return upload;
}

function requireOpen(upload: Upload): void {
  if (upload.state !== 'open') throw new NodeError('busy', 'this upload is committed');
}

function overQuota(): NodeError {
  return new NodeError('over-quota', 'this goes over what an upload or a participant may have here');
}
