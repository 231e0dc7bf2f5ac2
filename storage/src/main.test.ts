import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  content,
  environment,
  MIB,
  rpc,
  runNode,
  spawnNode,
  temporaryFolder,
  upload,
} from '../test/support.ts';
import { startStorage } from './index.ts';

/** Resident memory now, and the most there has been, in bytes (Linux). */
async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1_024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

describe('main', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'default: says when it is ready, and leaves on %s',
    async (signal) => {
      const node = await spawnNode(await temporaryFolder());
      expect(node.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(await (await fetch(`${node.url}/healthz`)).json()).toMatchObject({
        status: 'ok',
        writable: true,
      });
      expect(await node.kill(signal)).toBe(0);
    },
  );

  test('behavior: what was acknowledged survives kill -9 in the middle of an upload', async () => {
    const dir = await temporaryFolder();
    const first = await spawnNode(dir);
    const acknowledged: { cid: string; bytes: Buffer }[] = [];
    const writing = (async () => {
      for (;;) {
        const bytes = content(700_000);
        const answer = await rpc(first.url, 'add', upload(bytes));
        acknowledged.push({ cid: JSON.parse(await answer.text()).Hash, bytes });
      }
    })();
    const failed = expect(writing).rejects.toThrow();
    while (acknowledged.length < 20) await new Promise((resolve) => setTimeout(resolve, 10));
    await first.kill('SIGKILL');
    await failed;

    const second = await spawnNode(dir);
    for (const { cid, bytes } of acknowledged) {
      const answer = await rpc(second.url, `cat?arg=${cid}`);
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
      expect((await rpc(second.url, `pin/ls?arg=${cid}&type=recursive`)).status).toBe(200);
    }
    await second.kill('SIGTERM');
  });

  test('behavior: memory stays flat while 64 MiB and then 192 MiB go in and out', async () => {
    // Made beforehand: it takes longer, on a busy machine, than a connection may stay idle.
    const [few, many] = [upload(content(64 * MIB)), upload(content(192 * MIB))];
    const node = await spawnNode(await temporaryFolder());
    const roundTrip = async (file: FormData, length: number) => {
      const { Hash } = JSON.parse(await (await rpc(node.url, 'add', file)).text());
      let read = 0;
      for await (const piece of (await rpc(node.url, `cat?arg=${Hash}`)).body ?? []) read += piece.length;
      expect(read).toBe(length);
      return (await memoryOf(node.pid)).peak;
    };
    const before = (await memoryOf(node.pid)).now;
    const small = await roundTrip(few, 64 * MIB);
    const large = await roundTrip(many, 192 * MIB);
    console.log(
      `storage node: ${mib(before)} at rest, peak ${mib(small)} with 64 MiB, ${mib(large)} with 192 MiB`,
    );
    expect(large - small).toBeLessThan(96 * MIB);
    await node.kill('SIGTERM');
  });

  test('error: a port that is taken is named in one line', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = String(typeof address === 'object' ? address?.port : '');
    const { code, stderr } = await runNode(environment(await temporaryFolder(), port));
    expect(code).toBe(1);
    expect(stderr).toBe(`storage: port ${port} on 127.0.0.1 is already in use\n`);
  });

  test('error: packs whose ledger is gone, which a node would take for leftovers, stay', async () => {
    const dir = await temporaryFolder();
    const node = await spawnNode(dir);
    expect((await rpc(node.url, 'add', upload(content(1_000)))).status).toBe(200);
    await node.kill('SIGTERM');
    for (const name of await readdir(dir)) if (name.startsWith('ledger')) await rm(join(dir, name));
    const { code, stderr } = await runNode(environment(dir));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^storage: the storage folder has packs and no ledger\.sqlite: .+\n$/);
    expect(await readdir(join(dir, 'packs'))).toHaveLength(1);
  });

  test('error: a folder that another node uses', async () => {
    const dir = await temporaryFolder();
    const node = await spawnNode(dir);
    const { code, stderr } = await runNode(environment(dir));
    expect([code, stderr]).toEqual([1, 'storage: the storage folder is in use by another process\n']);
    await node.kill('SIGTERM');
  });

  test.each([
    ['CHARTKEY_STORAGE_PORT', '70000'],
    ['CHARTKEY_STORAGE_PORT', 'http'],
    ['CHARTKEY_STORAGE_MAX_BLOCK_BYTES', '9999999'],
    ['CHARTKEY_STORAGE_ORIGINS', 'chartkey.example'],
  ])('error: %s=%s is refused by name', async (name, value) => {
    const { code, stderr } = await runNode({ ...environment(await temporaryFolder()), [name]: value });
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^storage: ${name}: .+\\n$`));
  });
});

describe('startStorage', () => {
  test('error: an option out of range is named in one line', async () => {
    await expect(startStorage({ port: 70_000 })).rejects.toThrow(/^port: .+$/);
  });
});

function mib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
