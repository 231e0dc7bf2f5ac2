import { request as httpRequest } from 'node:http';
import { CarReader } from '@ipld/car/reader';
import { exporter } from 'ipfs-unixfs-exporter';
import type { CID } from 'multiformats/cid';
import { describe, expect, test } from 'vitest';
import { content, gather, MIB, rpc, startNode, upload } from '../test/support.ts';

const CID_PATH = '/ipfs/bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4';

async function startWith(bytes: Uint8Array): Promise<{ url: string; cid: string }> {
  const { url } = await startNode();
  const { Hash } = JSON.parse(await (await rpc(url, 'add', upload(bytes))).text());
  return { url, cid: Hash };
}

/** As it is: fetch would tidy the path up before sending it. */
function getRaw(url: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    httpRequest({ hostname, port, path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('gatewayRoutes', () => {
  test('default: a raw block with the headers of the specification', async () => {
    const bytes = content(1_000);
    const { url, cid } = await startWith(bytes);
    const answer = await fetch(`${url}/ipfs/${cid}?format=raw`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/vnd.ipld.raw',
      'content-length': '1000',
      'cache-control': 'public, max-age=29030400, immutable',
      'content-disposition': `attachment; filename="${cid}.bin"`,
      etag: `"${cid}.raw"`,
      'x-ipfs-path': `/ipfs/${cid}`,
      'x-ipfs-roots': cid,
      'x-content-type-options': 'nosniff',
    });
  });

  test('behavior: HEAD, Accept and If-None-Match', async () => {
    const { url, cid } = await startWith(content(1_000));
    const head = await fetch(`${url}/ipfs/${cid}?format=raw`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '1000']);
    const accept = await fetch(`${url}/ipfs/${cid}`, { headers: { Accept: 'application/vnd.ipld.raw' } });
    expect((await accept.arrayBuffer()).byteLength).toBe(1_000);
    const known = await fetch(`${url}/ipfs/${cid}?format=raw`, {
      headers: { 'If-None-Match': `"${cid}.raw"` },
    });
    expect(known.status).toBe(304);
  });

  test('behavior: a CAR has the whole tree, parents first; dag-scope=block has the root', async () => {
    const { url, cid } = await startWith(content(MIB));
    const read = async (query: string) => {
      const answer = await fetch(`${url}/ipfs/${cid}?format=car${query}`);
      expect(answer.headers.get('content-type')).toBe(
        'application/vnd.ipld.car; version=1; order=dfs; dups=y',
      );
      const car = await CarReader.fromBytes(new Uint8Array(await answer.arrayBuffer()));
      const sizes: number[] = [];
      for await (const { bytes } of car.blocks()) sizes.push(bytes.length);
      expect((await car.getRoots()).map(String)).toEqual([cid]);
      return sizes;
    };
    const [root = 0, ...leaves] = await read('');
    expect(leaves).toEqual([262_144, 262_144, 262_144, 262_144]);
    expect(await read('&dag-scope=block')).toEqual([root]);
  });

  test('behavior: ipfs-unixfs-exporter reads a file through it', async () => {
    const bytes = content(2 * MIB + 9);
    const { url, cid } = await startWith(bytes);
    const get = async function* (block: CID) {
      const answer = await fetch(`${url}/ipfs/${block.toString()}?format=raw`);
      yield new Uint8Array(await answer.arrayBuffer());
    };
    const entry = await exporter(cid, { get });
    if (entry.type !== 'file') throw new Error('not a file');
    expect((await gather(entry.content())).equals(bytes)).toBe(true);
  });

  test.each(['raw', 'car'])('error: a CID that is not here, as %s', async (format) => {
    const { url } = await startNode();
    const answer = await fetch(
      `${url}/ipfs/bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4?format=${format}`,
    );
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ type: 'urn:chartkey:storage:not-found', status: 404 });
  });

  test.each([
    '/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG?format=raw',
    '/ipfs/bafkqaaa?format=raw',
    '/ipfs/bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4',
    '/ipfs/bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4?format=tar',
    `${CID_PATH}${'/a'.repeat(65)}?format=raw`,
    `${CID_PATH}?format=car&dag-scope=some`,
    `${CID_PATH}?format=car&entity-bytes=1`,
    `${CID_PATH}?format=car&entity-bytes=1:x`,
    `${CID_PATH}?format=car&entity-bytes=0:1&dag-scope=all`,
    `${CID_PATH}?format=car&car-version=2`,
    `${CID_PATH}?format=car&car-order=bfs`,
    `${CID_PATH}?format=car&car-dups=maybe`,
    '/ipfs/..%2f..%2f..%2fetc%2fpasswd?format=raw',
    '/ipfs/%00?format=raw',
    '/ipfs/%ff%fe?format=raw',
  ])('error: %s', async (path) => {
    const { url } = await startNode();
    expect(await getRaw(url, path)).toBe(400);
  });

  test.each(['/ipfs/../../etc/passwd', '//etc/passwd', '/', '/ipns/example.org'])(
    'error: nothing is served at %s',
    async (path) => {
      const { url } = await startNode();
      expect(await getRaw(url, path)).toBeGreaterThanOrEqual(400);
    },
  );
});
