import { type Address, getAddress, type Hex, isAddress } from 'viem';
import { MAX_ENVELOPE_LENGTH, PUBLIC_KEY_LENGTH, RELEASE_LENGTH, type RecordId } from '../envelope/index.ts';
import { PURPOSES_OF_USE } from '../hl7/index.ts';
import { z } from '../zod.ts';
import { fromBase64Url } from './base64url.ts';

/**
 * What goes over the wire between an accessor or author and a keeper: JSON, bytes in base64url
 * without padding. Parsed once, here, into types that can't be wrong.
 */

/** One request asks for at most this many records of an opening. */
export const MAX_RECORDS_PER_REQUEST = 64;

/** One opening names at most this many records (`MAX_BATCH` in AccessLog). */
const MAX_RECORDS_PER_OPENING = 256;

const address = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), 'must be an address')
  .transform((text): Address => getAddress(text));
const hash = z.string().regex(/^0x[0-9a-f]{64}$/, 'must be 0x and 64 lower-case hex digits');
const recordId = hash.transform((text) => text as RecordId);

/** Bytes of a length within bounds, in base64url. */
export function bytes(minimum: number, maximum: number) {
  return z
    .string()
    .max(Math.ceil((maximum * 4) / 3))
    .regex(/^[A-Za-z0-9_-]*$/, 'must be base64url without padding')
    .transform((text, context) => {
      const decoded = fromBase64Url(text);
      if (decoded && decoded.length >= minimum && decoded.length <= maximum) return decoded;
      context.addIssue({
        code: 'custom',
        message: `must be ${minimum === maximum ? minimum : `${minimum} to ${maximum}`} bytes`,
      });
      return z.NEVER;
    });
}

const opening = z.strictObject({
  accessor: address,
  place: z.number().int().min(0).max(0xffff_ffff),
  purpose: z.enum(PURPOSES_OF_USE.map(({ code }) => code)),
  openedAt: z.number().int().min(0).max(0xffff_ffff_ffff),
  recordIds: z.array(recordId).min(1).max(MAX_RECORDS_PER_OPENING),
});

/** `POST /v1/shares` */
export const sharesRequestSchema = z.strictObject({
  /** The opening as it stands on the log; its key hash follows from the public key. */
  opening,
  /** The one-time public key whose SHA-256 stands in the opening. */
  publicKey: bytes(PUBLIC_KEY_LENGTH, PUBLIC_KEY_LENGTH),
  /** Some or all of the opening's records, each with its current envelope. */
  records: z
    .array(z.strictObject({ recordId, envelope: bytes(1, MAX_ENVELOPE_LENGTH) }))
    .min(1)
    .max(MAX_RECORDS_PER_REQUEST),
});

export type SharesRequest = z.output<typeof sharesRequestSchema>;

/** Why a keeper releases nothing for a record. */
export const REFUSALS = [
  'envelope-malformed',
  'wrong-chain',
  'wrong-contract',
  'not-in-opening',
  'record-unknown',
  'envelope-not-current',
  'wrong-patient',
  'wrong-author',
  'not-my-envelope',
  'share-broken',
  'opening-unknown',
  'opening-too-old',
  'denied',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** The answer to `POST /v1/shares`: one entry a record, in the order of the request. */
export const sharesResponseSchema = z.object({
  /** The keeper's id: its operator's address. */
  keeper: address,
  results: z.array(
    z.discriminatedUnion('status', [
      z.object({
        status: z.literal('released'),
        recordId,
        /** The keeper's place in the envelope, from 0. */
        index: z.number().int().min(0).max(31),
        sealed: bytes(RELEASE_LENGTH, RELEASE_LENGTH),
      }),
      z.object({
        status: z.literal('refused'),
        recordId,
        reason: z.enum(REFUSALS),
        /** The decision of the contracts, where the reason is `denied`. */
        decision: z.string().max(64).optional(),
      }),
    ]),
  ),
});

export type SharesResponse = z.output<typeof sharesResponseSchema>;

/** `POST /v1/attest` */
export const attestRequestSchema = z.strictObject({ envelope: bytes(1, MAX_ENVELOPE_LENGTH) });

/** The answer: this keeper can open its block. */
export const attestResponseSchema = z.object({
  keeper: address,
  recordId,
  index: z.number().int().min(0).max(31),
});

/** `GET /v1/info` */
export const infoResponseSchema = z.object({
  keeper: address,
  publicKey: bytes(PUBLIC_KEY_LENGTH, PUBLIC_KEY_LENGTH),
  chainId: z.number().int().positive(),
  recordIndex: address,
  /** How many blocks an opening and its permission must have been standing, or the tag of a block that they stand in. */
  confirmations: z.union([z.number().int().min(0), z.enum(['safe', 'finalized'])]),
  /** Seconds after which an opening gives no shares any more. */
  releaseWindow: z.number().int().positive(),
  version: z.string().max(32),
});

export type KeeperInfo = z.output<typeof infoResponseSchema>;

/** `GET /v1/journal`: the head of the keeper's journal of releases. */
export const journalResponseSchema = z.object({
  keeper: address,
  /** How many releases are written down. */
  sequence: z.number().int().min(0),
  head: hash.transform((text) => text as Hex),
});
