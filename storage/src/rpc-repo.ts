import { streamed } from './answers.ts';
import { ndjsonLine } from './ndjson.ts';
import type { BlockNode } from './node.ts';
import { type Call, flag } from './rpc-query.ts';

export async function repoStat(c: Call, node: BlockNode): Promise<Response> {
  const { blocks, bytes, freeBytes } = await node.blocks.stat();
  return c.json({
    NumObjects: blocks,
    RepoSize: bytes,
    StorageMax: bytes + freeBytes,
    // Where it lies on the machine is nobody's business.
    RepoPath: 'embedded',
    Version: 'chartkey@1',
  });
}

/** One line for each block that was removed, as it goes. */
export async function repoGc(c: Call, node: BlockNode): Promise<Response> {
  const quiet = flag(c, 'silent', false);
  const lines = async function* () {
    for await (const cid of node.collect()) {
      if (!quiet) yield ndjsonLine({ Key: { '/': cid.toString() } });
    }
  };
  return stream(lines());
}

/** Kubo's words; the last line says how it ended. */
export async function repoVerify(_c: Call, node: BlockNode): Promise<Response> {
  const lines = async function* () {
    let progress = 0;
    let corrupt = 0;
    for await (const { cid, ok } of node.verify()) {
      progress += 1;
      if (!ok) {
        corrupt += 1;
        yield ndjsonLine({ Msg: `block ${cid.toString()} was corrupt`, Progress: 0 });
      } else if (progress % PROGRESS_EVERY === 0) yield ndjsonLine({ Msg: '', Progress: progress });
    }
    const end =
      corrupt === 0 ? 'verify complete, all blocks validated.' : 'verify complete, some blocks were corrupt.';
    yield ndjsonLine({ Msg: end, Progress: 0 });
  };
  return stream(lines());
}

const PROGRESS_EVERY = 1_000;

async function stream(lines: AsyncGenerator<Uint8Array>): Promise<Response> {
  return new Response(await streamed(lines), { headers: { 'Content-Type': 'application/json' } });
}
