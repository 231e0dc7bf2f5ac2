import { describe, expect, test, vi } from 'vitest';
import { createStorageClient } from './client.ts';
import * as storage from './index.ts';

const node = (url: string) => ({ rpcUrl: url, gatewayUrl: url });

describe('createStorageClient', () => {
  test('default: all nodes must confirm; slashes at the end do not matter', () => {
    const client = createStorageClient({
      nodes: [node('http://a.example/storage/'), node('https://b.example')],
    });
    expect(client.minReplicas).toBe(2);
    expect(client.nodes.map(({ label }) => label)).toEqual(['http://a.example/storage', 'https://b.example']);
  });

  test('behavior: a relative URL is taken from the origin of the page', () => {
    vi.stubGlobal('location', { origin: 'https://chartkey.example' });
    try {
      const [handle] = createStorageClient({ nodes: [node('/storage')] }).nodes;
      expect(handle?.rpc).toBe('https://chartkey.example/storage');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test.each([
    ['a relative URL outside a page', ['/storage'], 1],
    ['no node', [], 1],
    ['a node listed twice', ['http://a.example', 'http://a.example/'], 1],
    ['another scheme', ['file:///tmp'], 1],
    ['a password, which would reach screens', ['http://user:secret@a.example'], 1],
    ['a query', ['http://a.example/?key=1'], 1],
    ['more replicas than nodes', ['http://a.example'], 2],
    ['no replica', ['http://a.example'], 0],
  ])('error: %s', (_name, urls, minReplicas) => {
    const create = () => createStorageClient({ nodes: urls.map(node), minReplicas });
    expect(create).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(create).not.toThrow(/secret/);
  });
});

describe('index', () => {
  test('default: the public names', () => {
    expect(Object.keys(storage).sort()).toEqual([
      'LEAF_BYTES',
      'MAX_BLOCK_BYTES',
      'MAX_BODY_BYTES',
      'MAX_RANGE_BYTES',
      'auditItems',
      'bodyBlocks',
      'bodyCid',
      'collectGarbage',
      'createStorageClient',
      'digestOf',
      'envelopeCid',
      'eraseAtGates',
      'handInSignature',
      'holdersOf',
      'mapInOrder',
      'offerKeyBlock',
      'putBlock',
      'rawCid',
      'readBlock',
      'readBody',
      'readRange',
      'signInMessages',
      'signInWithKey',
      'signInWithWallet',
      'signOut',
      'signedInUntil',
      'storageStatus',
      'unpin',
      'uploadBody',
    ]);
  });
});
