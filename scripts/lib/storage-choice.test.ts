import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasKubo, startKubo } from './kubo.ts';
import { findKuboDaemon } from './storage-choice.ts';

const NOBODY = 'http://127.0.0.1:9';

async function startServer(answers: Readonly<Record<string, unknown>>): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[(request.url ?? '').replace('/api/v0/', '')];
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe('findKuboDaemon', () => {
  test('error: the one that was named does not answer', async () => {
    await expect(findKuboDaemon(NOBODY)).rejects.toThrow(/CHARTKEY_KUBO_RPC_URL/);
  });

  test.each([
    ['nobody answers', {}],
    ['something else answers', { id: { AgentVersion: 'chartkey-storage/0.1.0' } }],
    ['a Kubo without a gateway answers', { id: { AgentVersion: 'kubo/0.43.0' } }],
  ])('behavior: none when %s on the usual port', async (_name, answers) => {
    expect(await findKuboDaemon(undefined, await startServer(answers))).toBeUndefined();
  });

  test('behavior: "none" asks nobody', async () => {
    expect(await findKuboDaemon('none', await startServer(KUBO))).toBeUndefined();
  });

  test('default: one on the usual port, and where its gateway is', async () => {
    const rpcUrl = await startServer(KUBO);
    expect(await findKuboDaemon(undefined, rpcUrl)).toEqual({
      rpcUrl,
      gatewayUrl: 'http://127.0.0.1:8080',
      description: `Kubo 0.43.0 at ${rpcUrl}`,
    });
  });

  test.runIf(hasKubo())('behavior: a real daemon is known as one', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'chartkey-kubo-'));
    const { rpcUrl, gatewayUrl, service } = await startKubo({ dir });
    onTestFinished(async () => {
      await service.close();
      await rm(dir, { recursive: true, force: true });
    });
    expect(await findKuboDaemon(rpcUrl)).toMatchObject({ rpcUrl, gatewayUrl });
  });
});

const KUBO = {
  id: { AgentVersion: 'kubo/0.43.0/' },
  'config?arg=Addresses.Gateway': { Key: 'Addresses.Gateway', Value: '/ip4/127.0.0.1/tcp/8080' },
};
