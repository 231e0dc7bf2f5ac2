import { type Address, getAddress, type Hex, isAddress, isHex } from 'viem';
import { z } from '../zod.ts';

// A page's content security policy lets nothing compile code.
if ('document' in globalThis) z.config({ jitless: true });

/**
 * What goes over the wire between a person and a relay: JSON, numbers that may be large in
 * decimal. Parsed once, here, into types that can't be wrong.
 */

/** One post brings at most this many requests. */
export const MAX_REQUESTS_PER_POST = 64;

/** No action of ours needs more calldata. */
const MAX_DATA_BYTES = 16_384;
const MAX_SIGNATURE_BYTES = 4_096;

const address = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), 'must be an address')
  .transform((text): Address => getAddress(text));

const decimal = z
  .string()
  .regex(/^(0|[1-9]\d{0,19})$/, 'must be a whole number')
  .transform((text) => BigInt(text));

const bytes = (max: number) =>
  z
    .string()
    .refine(
      (text) => isHex(text) && text.length % 2 === 0 && text.length <= 2 + 2 * max,
      `must be 0x and hex digits of at most ${max} bytes`,
    )
    .transform((text) => text.toLowerCase() as Hex);

const id = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, 'must be 0x and 64 lower-case hex digits')
  .transform((text) => text as Hex);

/** One call that somebody signed, as `SessionForwarder` takes it, and the number it was signed with. */
export const signedRequestSchema = z.strictObject({
  from: address,
  to: address,
  gas: decimal,
  nonce: decimal,
  /** Unix seconds. */
  deadline: z.int().min(0).max(281_474_976_710_655),
  data: bytes(MAX_DATA_BYTES),
  signature: bytes(MAX_SIGNATURE_BYTES),
});

/** `POST /v1/requests` */
export const submissionSchema = z.strictObject({
  requests: z.array(signedRequestSchema).min(1).max(MAX_REQUESTS_PER_POST),
});

/**
 * `waiting`: kept, and will be sent. `sent`: in a transaction that is under way. `done`, `failed`: on
 * the chain; the call went through, or was refused there. `refused`: can't be sent any more.
 */
export const REQUEST_STATES = ['waiting', 'sent', 'done', 'failed', 'refused'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

export const requestStatusSchema = z.object({
  id,
  state: z.enum(REQUEST_STATES),
  /** Of the transaction that it stands in, or is under way in. */
  transaction: id.optional(),
  /** Why it was refused: a code of `RELAY_PROBLEMS`. */
  problem: z.string().max(64).optional(),
});
export type RequestStatus = z.output<typeof requestStatusSchema>;

/** The answer to `POST /v1/requests`, in the order of the requests. */
export const acceptedSchema = z.object({ requests: z.array(requestStatusSchema).max(MAX_REQUESTS_PER_POST) });

/** `GET /v1/info` */
export const relayInfoSchema = z.object({
  /** Who sends, and pays. */
  relay: address,
  chainId: z.int().positive(),
  forwarder: address,
  /** What a unit of gas may cost at most, in wei. */
  feeCap: decimal,
  limits: z.object({
    requestsPerPost: z.int().positive(),
    /** Waiting at the same time, for one person. */
    waitingPerPerson: z.int().positive(),
    /** Requests a minute, of one person; 0 for any number. */
    ratePerPerson: z.int().min(0),
    /** Gas of one request. */
    gas: decimal,
  }),
  version: z.string().max(32),
});
export type RelayInfo = z.output<typeof relayInfoSchema>;

export type SignedRequest = z.output<typeof signedRequestSchema>;

/** A request as JSON has it. */
export function requestToWire(request: SignedRequest) {
  return { ...request, gas: String(request.gas), nonce: String(request.nonce) };
}
