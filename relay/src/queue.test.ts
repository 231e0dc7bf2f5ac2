import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numberToHex } from 'viem';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Admitted, Queue, requestIdOf } from './queue.ts';

const PERSON = numberToHex(1n, { size: 20 });
const ATTEMPT = { hash: numberToHex(9n, { size: 32 }), raw: '0x01', fee: 1n, sentAt: 1 } as const;

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-queue-'));
  const file = join(folder, 'queue.sqlite');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { file, queue: new Queue(file) };
}

function request(nonce: bigint): Admitted {
  const signed = {
    from: PERSON,
    to: PERSON,
    gas: 1n,
    nonce,
    deadline: 5,
    data: '0x',
    signature: '0x',
  } as const;
  return { id: requestIdOf(signed), request: signed, signer: PERSON, alone: false, sinceBlock: 7n };
}

const noncesOf = (queue: Queue) => queue.waiting(10).map(({ request: { nonce } }) => nonce);

describe('Queue', () => {
  test('default: what was written is there after a crash, in its order', async () => {
    const { file, queue } = open();
    queue.add([request(1n), request(2n)]);
    queue.add([request(3n)]);
    expect(noncesOf(queue)).toEqual([1n, 2n, 3n]);
    await queue.written();
    queue.begin(4, queue.waiting(2), ATTEMPT);
    queue.close();
    const again = new Queue(file);
    expect(again.underWay()).toMatchObject({ nonce: 4, attempts: [ATTEMPT], requests: [{ tries: 1 }, {}] });
    expect(again.waiting(10)).toMatchObject([{ request: request(3n).request, sinceBlock: 7n, tries: 0 }]);
    again.close();
  });

  test('behavior: a post is taken whole or not, whatever comes with it', async () => {
    const { queue } = open();
    queue.add([request(1n)]);
    expect(() => queue.add([request(2n), request(1n)])).toThrow();
    queue.add([request(3n)]);
    await queue.written();
    expect(noncesOf(queue)).toEqual([1n, 3n]);
    queue.close();
  });

  test('behavior: what was refused and is posted once more comes last', () => {
    const { queue } = open();
    queue.add([request(2n)]);
    queue.settle(request(2n).id, { state: 'refused', problem: 'NONCE_AHEAD' });
    queue.add([request(1n), request(2n)]);
    expect(noncesOf(queue)).toEqual([1n, 2n]);
    expect(queue.statusOf(request(2n).id)).toEqual({ id: request(2n).id, state: 'waiting' });
    queue.close();
  });

  test('behavior: requests that a transaction left no trace of wait again', () => {
    const { queue } = open();
    queue.add([request(1n), request(2n)]);
    queue.begin(0, queue.waiting(10), ATTEMPT);
    const id = queue.underWay()?.id ?? 0;
    queue.end(id, new Map([[request(1n).id, { state: 'done', transaction: ATTEMPT.hash }]]));
    expect(queue.waiting(10)).toMatchObject([{ id: request(2n).id, tries: 1 }]);
    expect([queue.counts(), queue.underWay()]).toEqual([{ done: 1, waiting: 1 }, undefined]);
    queue.close();
  });

  test('error: a file that another relay has', () => {
    const { file, queue } = open();
    expect(() => new Queue(file)).toThrow(/^databaseFile: can’t be used/);
    queue.close();
  });
});
