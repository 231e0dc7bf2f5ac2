import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { hasKubo, kuboPath } from '../../lib/kubo.ts';
import { runProgram } from '../../lib/tool.ts';

/** How a node is spoken to, in the same way whichever it is. */
export type IpfsClient = {
  /** Says the CID. */
  add(rpcUrl: string, path: string): Promise<string>;
  /** Says the SHA-256 of what came. */
  cat(rpcUrl: string, cid: string): Promise<string>;
};

/** Kubo's own program, or Node's fetch where there is none. */
export function ipfsClient(): IpfsClient {
  return hasKubo() ? program : byFetch;
}

const OPTIONS = ['--cid-version=1', '--chunker=size-262144', '--max-file-links=174', '--raw-leaves'];

const program: IpfsClient = {
  async add(rpcUrl, path) {
    const { ok, stdout, output } = await runProgram(kuboPath(), [
      'add',
      ...apiOf(rpcUrl),
      ...OPTIONS,
      '-Q',
      path,
    ]);
    if (!ok) throw new Error(`ipfs add failed: ${output}`);
    return stdout.trim();
  },
  async cat(rpcUrl, cid) {
    const args = ['cat', ...apiOf(rpcUrl), cid];
    const child = spawn(kuboPath(), args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    const digest = await digestOf(child.stdout);
    const [code] = await closed;
    if (code !== 0) throw new Error('ipfs cat failed');
    return digest;
  },
};

const byFetch: IpfsClient = {
  async add(rpcUrl, path) {
    const form = new FormData();
    form.append('file', await openAsBlob(path), 'file');
    const answer = await fetch(`${rpcUrl}/api/v0/add`, { method: 'POST', body: form });
    return String(JSON.parse(await answer.text()).Hash);
  },
  async cat(rpcUrl, cid) {
    const { body } = await fetch(`${rpcUrl}/api/v0/cat?arg=${cid}`, { method: 'POST' });
    return digestOf(body ?? []);
  },
};

export async function digestOf(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

function apiOf(rpcUrl: string): string[] {
  return ['--api', `/ip4/127.0.0.1/tcp/${new URL(rpcUrl).port}`];
}
