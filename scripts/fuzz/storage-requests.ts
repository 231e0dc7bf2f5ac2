import { createHash } from 'node:crypto';

export type Crafted = {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | undefined;
  /** Not HTTP any more: the server may cut the line without a word. */
  readonly mayBreak: boolean;
};

type Choose = (bound: number) => number;

const COMMANDS = [
  'add',
  'cat',
  'block/get',
  'block/put',
  'block/stat',
  'dag/import',
  'dag/export',
  'pin/add',
  'pin/ls',
  'pin/rm',
  'ls',
  'resolve',
  'version',
  'id',
  'config/show',
  'shutdown',
];
/** These look at every block: often, they would measure the disk and nothing else. */
const WHOLE_STORE = ['repo/stat', 'repo/gc', 'repo/verify'];

const OPTIONS = [
  'recursive',
  'pin',
  'offset',
  'length',
  'chunker',
  'cid-version',
  'max-file-links',
  'type',
  'stream',
  'names',
  'pin-roots',
  'stats',
  'cid-codec',
  'mhtype',
  'raw-leaves',
  'only-hash',
  'format',
  'dag-scope',
  'entity-bytes',
  'hash',
];
const VALUES = [
  'true',
  'false',
  '',
  '0',
  '1',
  '-1',
  '9007199254740993',
  '1e9',
  'size-1',
  'size-262144',
  'size-0',
  'raw',
  'dag-pb',
  'all',
  'entity',
  'block',
  '0:*',
  '-5:-1',
  '5:1',
  '%00',
  '../..',
  '999999999999999999999',
];
const TRICKS = [
  '..',
  '.',
  '%2e%2e',
  '..%2f..%2fetc%2fpasswd',
  '%00',
  '%ff%fe',
  '\\',
  'a//b',
  '%252e%252e',
  '~',
  'ipns',
  '%c0%ae',
  'con',
  '*',
  '?',
  '#',
  ';',
  '%0d%0aX-Injected: yes',
  'a'.repeat(5_000),
];

/** One request that no honest client sends; now and then one that it does. */
export function craft(pick: Choose): Crafted {
  const of = <T>(list: readonly T[]): T => list[pick(list.length)] as T;
  const gateway = pick(3) === 0;
  const base = gateway
    ? `/ipfs/${argument(pick)}`
    : `/api/v0/${pick(100) === 0 ? of(WHOLE_STORE) : of(COMMANDS)}`;
  const query = Array.from({ length: pick(4) }, () => `${of(OPTIONS)}=${of(VALUES)}`);
  if (!gateway && pick(4) > 0) query.push(`arg=${argument(pick)}`);
  const path = `${pick(30) === 0 ? `/${of(TRICKS)}` : base}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  const method = gateway
    ? of(['GET', 'GET', 'HEAD', 'POST', 'OPTIONS'])
    : of(['POST', 'POST', 'POST', 'GET', 'PUT']);
  const sends = method === 'POST' || method === 'PUT';
  const { headers, body } = sends ? withBody(pick) : NOTHING_SENT();
  if (pick(20) === 0) headers['X-Large'] = 'x'.repeat(pick(20_000));
  if (pick(20) === 0)
    headers.Accept = of(['application/vnd.ipld.car; dups=n', 'application/vnd.ipld.raw', '*/*', 'x;=;']);
  if (pick(40) === 0) headers.Range = of(['bytes=0-', 'bytes=-5', 'bytes=9-1', 'x']);
  return { method, path, headers, body, mayBreak: true };
}

function argument(pick: Choose): string {
  const cid = makeCid(pick);
  const trick = TRICKS[pick(TRICKS.length)] ?? '';
  return [
    cid,
    `/ipfs/${cid}`,
    `${cid}/${trick}`,
    trick,
    cid.slice(0, pick(60)),
    `${cid}${'a'.repeat(pick(100))}`,
  ][pick(6)] as string;
}

/** Well-formed more often than not; of blocks that are mostly absent. */
function makeCid(pick: Choose): string {
  const bytes = Buffer.from([
    1,
    [0x55, 0x70, 0x71, 0][pick(4)] ?? 0x55,
    0x12,
    0x20,
    ...randomBytes(pick, 32),
  ]);
  if (pick(10) === 0) bytes[pick(bytes.length)] = pick(256);
  return `b${base32(bytes)}`;
}

type Sent = { readonly headers: Record<string, string>; readonly body: Buffer | undefined };

const NOTHING_SENT = (): Sent => ({ headers: {}, body: undefined });

function withBody(pick: Choose): Sent {
  const content = [spoiltCar, hostileVarint, noise, goodCar][pick(4)]?.(pick) ?? Buffer.alloc(0);
  if (pick(8) === 0) return { headers: { 'Content-Type': 'application/json' }, body: content };
  const boundary = pick(20) === 0 ? '' : 'b';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${'%'.repeat(pick(5))}"\r\n\r\n`;
  const tail = pick(10) === 0 ? '' : `\r\n--${boundary}--\r\n`;
  return {
    headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head), content, Buffer.from(tail)]),
  };
}

function goodCar(pick: Choose): Buffer {
  const bytes = randomBytes(pick, 1 + pick(2_000));
  const cid = Buffer.from([1, 0x55, 0x12, 0x20, ...createHash('sha256').update(bytes).digest()]);
  // dag-cbor of { roots: [cid], version: 1 }.
  const header = Buffer.concat([
    Buffer.from('a265726f6f747381d82a582500', 'hex'),
    cid,
    Buffer.from('6776657273696f6e01', 'hex'),
  ]);
  return Buffer.concat([varint(header.length), header, varint(cid.length + bytes.length), cid, bytes]);
}

function spoiltCar(pick: Choose): Buffer {
  const car = goodCar(pick);
  for (let edits = 1 + pick(4); edits > 0; edits--) car[pick(Math.min(car.length, 120))] = pick(256);
  return car.subarray(0, pick(3) === 0 ? pick(car.length) : car.length);
}

/** Lengths that are endless, beyond any number, or far beyond what follows. */
function hostileVarint(pick: Choose): Buffer {
  const kinds = [
    Buffer.alloc(1 + pick(20), 0xff),
    varint(2 ** 31),
    varint(2 ** 45),
    Buffer.from([0]),
    Buffer.from([0x80, 0]),
  ];
  const good = goodCar(pick);
  const hostile = kinds[pick(kinds.length)] ?? Buffer.alloc(0);
  return pick(2) === 0
    ? Buffer.concat([hostile, good])
    : Buffer.concat([good, hostile, randomBytes(pick, pick(50))]);
}

function noise(pick: Choose): Buffer {
  return randomBytes(pick, pick(3_000));
}

function randomBytes(pick: Choose, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => pick(256)));
}

function varint(value: number): Buffer {
  const digits: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
  return Buffer.from([...digits, rest]);
}

function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups
    .map((group) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(group.padEnd(5, '0'), 2)])
    .join('');
}
