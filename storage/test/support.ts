import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type StorageOptions, type StorageServer, startStorage } from '../src/index.ts';

export const MIB = 1_048_576;

export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'chartkey-storage-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A node on a free port and a fresh folder, gone when the test ends. */
export async function startNode(options: StorageOptions = {}): Promise<StorageServer & { dir: string }> {
  const dir = options.dir ?? (await temporaryFolder());
  const server = await startStorage({ port: 0, graceMs: 500, minFreeBytes: 0, ...options, dir });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= server.close();
    return closed;
  };
  onTestFinished(close);
  return { url: server.url, close, dir };
}

export type NodeProcess = {
  readonly url: string;
  readonly pid: number;
  kill(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>;
};

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export function environment(dir: string, port = '0'): Record<string, string> {
  return { CHARTKEY_STORAGE_DIR: dir, CHARTKEY_STORAGE_PORT: port, CHARTKEY_STORAGE_MIN_FREE_BYTES: '0' };
}

/** The real process, ready when it said so. */
export async function spawnNode(dir: string, port?: string): Promise<NodeProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...environment(dir, port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(createInterface(child.stdout), 'line');
  const kill = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const [code] = await exited;
    return typeof code === 'number' ? code : null;
  };
  return { url: String(line).replace(/^storage listening on /, ''), pid: child.pid ?? 0, kill };
}

/** Runs the process to its end. */
export async function runNode(env: Record<string, string>): Promise<{ code: number; stderr: string }> {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (piece) => {
    stderr += String(piece);
  });
  const [code] = await once(child, 'close');
  return { code: Number(code), stderr };
}

/** Random, so that no two leaves are one block. */
export function content(length: number): Buffer {
  return randomBytes(length);
}

export async function* pieces(bytes: Uint8Array, size = 262_144): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of source) all.push(piece);
  return Buffer.concat(all);
}

/** A request body that is a file upload, as curl would make it. */
export function upload(bytes: Uint8Array): FormData {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), 'file');
  return form;
}

export function rpc(url: string, command: string, body?: FormData): Promise<Response> {
  return fetch(`${url}/api/v0/${command}`, { method: 'POST', ...(body === undefined ? {} : { body }) });
}
