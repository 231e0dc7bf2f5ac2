import { toBase64Url } from '@chartkey/sdk';
import { bodyOf, type Known } from './world.ts';

export type Pick = (bound: number) => number;

/** What is sent, and what may come back. */
export type Generated = {
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly type?: string;
  /** Exactly this, for each record or as the problem; undefined for anything but a released share. */
  readonly expected?: string;
};

const JSON_TYPE = 'application/json';
const JUNK: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  2 ** 53,
  '',
  'x',
  '0x',
  `0x${'00'.repeat(20)}`,
  `0x${'ff'.repeat(32)}`,
  '\u0000\ud800',
  [],
  [[]],
  {},
  { length: 1e9 },
  { __proto__: null, constructor: 'x' },
  'A'.repeat(5_000),
];

/** One request out of many kinds; those that make the keeper ask its chain are a minority, as they are slow. */
export function generate(known: readonly Known[], pick: Pick): Generated {
  const one = known[pick(known.length)] ?? known[0];
  if (!one) throw new RangeError('nothing to begin with');
  const kinds = [elsewhere, elsewhere, attest, attest, cutJson, junkField, junkField, junkField];
  const make =
    pick(12) === 0 ? (pick(2) === 0 ? asKnown : altered) : (kinds[pick(kinds.length)] ?? junkField);
  return make(one, pick);
}

function asKnown(known: Known): Generated {
  return post(`as it should be: ${known.name}`, bodyOf(known), known.expected);
}

/** A request that is well formed, and wrong in one place. */
function altered(known: Known, pick: Pick): Generated {
  const { opening, publicKey, letters } = known;
  const changes: readonly (() => Generated)[] = [
    () =>
      post(
        'another accessor',
        bodyOf({ ...known, opening: { ...opening, accessor: address(pick) } }),
        'opening-unknown',
      ),
    () => post('another time', bodyOf({ ...known, opening: { ...opening, openedAt: pick(2 ** 31) } })),
    () => post('another key', bodyOf({ ...known, publicKey: flip(publicKey, pick) })),
    () =>
      post(
        'a key of any bytes',
        bodyOf({ ...known, publicKey: random(publicKey.length, pick) }),
        'opening-unknown',
      ),
    () =>
      post(
        'an envelope with a bit turned',
        bodyOf({
          ...known,
          letters: letters.map((letter) => ({ ...letter, envelope: flip(letter.envelope, pick) })),
        }),
      ),
    () =>
      post(
        'an envelope cut',
        bodyOf({
          ...known,
          letters: letters.map((letter) => ({
            ...letter,
            envelope: letter.envelope.subarray(0, 1 + pick(letter.envelope.length - 1)),
          })),
        }),
        'envelope-malformed',
      ),
    () =>
      post(
        'another version',
        bodyOf({ ...known, letters: withField(letters, 9, 2 + pick(250)) }),
        'envelope-malformed',
      ),
    () =>
      post(
        'another suite',
        bodyOf({ ...known, letters: withField(letters, 10, 3 + pick(250)) }),
        'envelope-malformed',
      ),
    () =>
      post('another chain', bodyOf({ ...known, letters: withField(letters, 24 + pick(8), 1 + pick(100)) })),
    () => post('another contract', bodyOf({ ...known, letters: withField(letters, 32, pick(256)) })),
  ];
  return (changes[pick(changes.length)] ?? (() => asKnown(known)))();
}

/** Malformed JSON: cut, doubled, with a byte changed, nested without end. */
function cutJson(known: Known, pick: Pick): Generated {
  const text = JSON.stringify(bodyOf(known));
  const bytes = new TextEncoder().encode(text);
  const bodies: readonly (() => string | Uint8Array)[] = [
    () => text.slice(0, pick(text.length)),
    () => flip(bytes, pick),
    () => random(pick(2_000), pick),
    () => '['.repeat(1 + pick(200_000)),
    () => `{"a":`.repeat(1 + pick(20_000)),
    () => `${text}${text}`,
    () => `\ufeff${text}`,
    () => '9'.repeat(1 + pick(20_000)),
  ];
  const body = (bodies[pick(bodies.length)] ?? (() => text))();
  return { kind: 'malformed JSON', method: 'POST', path: '/v1/shares', body, type: JSON_TYPE };
}

function junkField(known: Known, pick: Pick): Generated {
  const body = structuredClone(bodyOf(known)) as unknown as Record<string, unknown>;
  const parents = [body, body['opening'], (body['records'] as unknown[])[0]] as Record<string, unknown>[];
  const parent = parents[pick(parents.length)] ?? body;
  const names = [...Object.keys(parent), 'keyHash', '__proto__', 'more'];
  const name = names[pick(names.length)] ?? 'more';
  if (pick(3) === 0 && Object.hasOwn(parent, name)) delete parent[name];
  else Object.defineProperty(parent, name, { value: JUNK[pick(JUNK.length)], enumerable: true });
  return post('junk in a field', body);
}

function attest(known: Known, pick: Pick): Generated {
  const envelope = known.letters[0]?.envelope ?? new Uint8Array();
  const bytes = pick(10) === 0 ? envelope : pick(3) === 0 ? random(pick(9_000), pick) : flip(envelope, pick);
  return { ...post('attest', { envelope: toBase64Url(bytes) }), path: '/v1/attest' };
}

/** Other doors, methods, types, and lists that are too long. */
function elsewhere(known: Known, pick: Pick): Generated {
  const text = JSON.stringify(bodyOf(known));
  const paths = [
    '/',
    '/v1',
    '/v1/shares/',
    '/v1//shares',
    '/v1/keys',
    '/..%2f..%2fetc/passwd',
    '/%',
    `/${'a'.repeat(pick(4_000))}`,
  ];
  const path = paths[pick(paths.length)] ?? '/';
  const methods = ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'];
  const made: readonly (() => Generated)[] = [
    () => ({ kind: 'another path', method: 'GET', path }),
    () => ({ kind: 'another path', method: 'POST', path, body: text, type: JSON_TYPE }),
    () => ({ kind: 'another method', method: methods[pick(methods.length)] ?? 'PUT', path: '/v1/shares' }),
    () => ({
      kind: 'another type',
      method: 'POST',
      path: '/v1/shares',
      body: text,
      type: ['text/plain', 'application/cbor', 'x', ''][pick(4)] ?? '',
    }),
    () => ({
      kind: 'a question',
      method: 'GET',
      path: ['/v1/info', '/healthz', '/openapi.json', '/v1/journal'][pick(4)] ?? '/healthz',
    }),
    () => tooMany(known, pick),
  ];
  return (made[pick(made.length)] ?? made[0] ?? (() => asKnown(known)))();
}

/** Now and then ten thousand records. */
function tooMany(known: Known, pick: Pick): Generated {
  const record = { recordId: known.letters[0]?.recordId, envelope: 'AAAA' };
  const count = pick(20) === 0 ? 10_000 : 65 + pick(200);
  return post('too many records', { ...bodyOf(known), records: Array(count).fill(record) }, 'INPUT_INVALID');
}

function post(kind: string, body: unknown, expected?: string): Generated {
  const generated = { kind, method: 'POST', path: '/v1/shares', body: JSON.stringify(body), type: JSON_TYPE };
  return expected === undefined ? generated : { ...generated, expected };
}

function withField(letters: Known['letters'], offset: number, value: number): Known['letters'] {
  return letters.map(({ recordId, envelope }) => {
    const changed = Uint8Array.from(envelope);
    changed[offset] = changed[offset] === value ? value ^ 1 : value;
    return { recordId, envelope: changed };
  });
}

function flip(bytes: Uint8Array, pick: Pick): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = pick(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << pick(8));
  return copy;
}

function random(length: number, pick: Pick): Uint8Array {
  return Uint8Array.from({ length }, () => pick(256));
}

function address(pick: Pick): `0x${string}` {
  return `0x${Array.from({ length: 20 }, () => pick(256).toString(16).padStart(2, '0')).join('')}`;
}
