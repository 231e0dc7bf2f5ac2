import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { CID } from 'multiformats/cid';
import { DAG_PB, parseCid, RAW } from './cid.ts';
import { invalid, NodeError } from './errors.ts';
import type { PinFilter } from './node.ts';

export type Env = { Bindings: HttpBindings };
export type Call = Context<Env>;

export const MAX_ARGUMENTS = 1_000;

export function argument(c: Call): CID {
  const [only, ...more] = argumentsOf(c);
  if (only === undefined || more.length > 0) throw invalid('exactly one "arg" is needed');
  return only;
}

/** The one argument, as it was written. */
export function textOf(c: Call): string {
  const [only, ...more] = c.req.queries('arg') ?? [];
  if (only === undefined) throw invalid('argument "arg" is required');
  if (more.length > 0) throw invalid('exactly one "arg" is needed');
  return only;
}

export function argumentsOf(c: Call): CID[] {
  const texts = c.req.queries('arg') ?? [];
  if (texts.length === 0) throw invalid('argument "arg" is required');
  if (texts.length > MAX_ARGUMENTS) throw new NodeError('too-large', `at most ${MAX_ARGUMENTS} arguments`);
  return texts.map(parseCid);
}

export function flag(c: Call, name: string, fallback: boolean): boolean {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  if (text !== 'true' && text !== 'false' && text !== '') throw invalid(`"${name}" is true or false`);
  return text !== 'false';
}

export function whole(c: Call, name: string, fallback: number): number {
  const text = c.req.query(name);
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw invalid(`"${name}" is a whole number`);
  return value;
}

export function refuse(c: Call, names: readonly string[]): void {
  for (const name of names) if (flag(c, name, false)) throw invalid(`"${name}" is not supported`);
}

export function codecOf(name: string): number {
  if (name === 'raw') return RAW;
  // "protobuf" is what old clients, and kubo-rpc-client on its second try, say for dag-pb.
  if (name === 'dag-pb' || name === 'protobuf') return DAG_PB;
  throw invalid(name === 'v0' ? 'CIDv0 is not accepted: use CIDv1' : 'only raw and dag-pb are accepted');
}

export function pinFilter(text: string): PinFilter {
  if (text === 'all' || text === 'direct' || text === 'indirect' || text === 'recursive') return text;
  throw invalid('type is all, direct, indirect or recursive');
}
