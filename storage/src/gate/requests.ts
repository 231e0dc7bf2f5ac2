import type { Context } from 'hono';
import { type Address, isAddress } from 'viem';
import { z } from 'zod';
import { invalid, NodeError } from '../errors.ts';

const MAX_JSON_BYTES = 1_048_576;

export const PatientId = z.custom<Address>(
  (value) => typeof value === 'string' && isAddress(value, { strict: false }),
);

/** A JSON body of the right shape. @throws NodeError `invalid`, `too-large` */
export async function readJson<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of limited(c.req.raw.body, MAX_JSON_BYTES)) pieces.push(piece);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch (cause) {
    throw Object.assign(invalid('the body is not JSON'), { cause });
  }
  const result = schema.safeParse(value);
  if (!result.success)
    throw invalid(`the body is not as it should be: ${result.error.issues[0]?.path.join('.')}`);
  return result.data;
}

/** The body's pieces as they come. @throws NodeError `too-large` once it is over the limit */
export async function* limited(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new NodeError('too-large', `a request body is at most ${maxBytes} bytes`);
    yield piece;
  }
}
