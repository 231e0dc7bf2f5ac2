import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readIndex } from './client.ts';

const ADDRESS = `0x${'aa'.repeat(20)}`;
const PATIENT = {
  patient: ADDRESS,
  area: 1,
  pid: `0x${'11'.repeat(32)}`,
  publicKeyHash: `0x${'22'.repeat(32)}`,
};

/** An index of three pages that fails before some of its answers. @param failing by the number of the question */
async function startIndex(failing: ReadonlySet<number>, status: number): Promise<string> {
  let asked = 0;
  let answered = 0;
  const server = createServer((_, response) => {
    asked += 1;
    if (failing.has(asked)) {
      const type = status === 503 ? 'BUSY' : 'INPUT_INVALID';
      response.writeHead(status).end(JSON.stringify({ type: `urn:chartkey:problem:${type}` }));
      return;
    }
    answered += 1;
    const last = String(answered);
    const upTo = { blockNumber: 1, blockHash: null };
    response.end(JSON.stringify({ items: [PATIENT], next: answered < 3 ? last : null, last, upTo }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function count(url: string, patienceMs?: number): Promise<number> {
  let found = 0;
  const index = { url, ...(patienceMs === undefined ? {} : { patienceMs }) };
  for await (const _ of readIndex(index, 'patients', {})) found += 1;
  return found;
}

describe('readIndex', () => {
  test('default: page by page, to the last', async () => {
    expect(await count(await startIndex(new Set(), 503))).toBe(3);
  });

  test('behavior: with patience it goes on where it was, once the index answers again', async () => {
    expect(await count(await startIndex(new Set([2, 3]), 503), 10_000)).toBe(3);
  });

  test('error: without patience, or where asking again helps nothing, it fails at once', async () => {
    await expect(count(await startIndex(new Set([2]), 503))).rejects.toMatchObject({
      code: 'INDEX_UNREACHABLE',
    });
    await expect(count(await startIndex(new Set([2]), 400), 10_000)).rejects.toMatchObject({
      code: 'INDEX_REFUSED',
    });
  });
});
