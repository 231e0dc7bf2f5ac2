import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { importAge } from '../../sdk/src/export/age.ts';
import { attempt, type Outcome, type Runner, skipped } from './outcome.ts';

/** CCTV's age vectors (c2sp.org/CCTV/age, age/testdata): what must open, and what must not. */
export const runAge: Runner = (path) => {
  const file = readFileSync(path);
  return file.subarray(0, 8).toString() === 'expect: ' ? run(path, file) : undefined;
};

async function run(path: string, file: Buffer): Promise<readonly Outcome[]> {
  const end = file.indexOf('\n\n');
  const fields = new Map<string, string>();
  for (const line of file.subarray(0, end).toString().split('\n')) {
    const [key = '', value = ''] = line.split(': ');
    // The first passphrase or identity of several is the one that opens.
    if (!fields.has(key)) fields.set(key, value);
  }
  const body = file.subarray(end + 2);
  const age = fields.get('compressed') === 'zlib' ? inflateSync(body) : body;
  const [passphrase, identity] = [fields.get('passphrase'), fields.get('identity')];
  if (fields.get('armored') === 'yes') return [skipped('armored age files are not read')];
  const secret = passphrase !== undefined ? { passphrase } : identity && { identity };
  if (!secret) return [skipped('neither a passphrase nor an identity')];
  return [await attempt(path, () => check(age, secret, fields))];
}

async function check(
  age: Uint8Array,
  secret: Parameters<typeof importAge>[1],
  fields: ReadonlyMap<string, string>,
): Promise<void> {
  const hash = createHash('sha256');
  let failure: string | undefined;
  try {
    for await (const piece of importAge(new Blob([Uint8Array.from(age)]).stream(), secret))
      hash.update(piece);
  } catch (error) {
    failure = (error as { code?: string }).code ?? String(error);
  }
  const success = fields.get('expect') === 'success';
  const codes = fields.get('expect') === 'payload failure' ? ['BODY_SEGMENT_BROKEN'] : ['SEAL_BROKEN'];
  // The payload's nonce belongs to what is read before any content.
  if (fields.get('expect') === 'payload failure') codes.push('SEAL_BROKEN');
  if (success && failure) throw new Error(failure);
  if (!success && !codes.includes(failure ?? '')) throw new Error(failure ?? 'was accepted');
  if (success && hash.digest('hex') !== fields.get('payload')) throw new Error('other content');
}
