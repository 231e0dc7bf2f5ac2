import { DeploymentOption, OriginOption, optionsFrom, RpcUrlOption } from '@chartkey/service';
import { type Address, getAddress, type Hex, isAddress } from 'viem';
import { z } from 'zod';
import type { KeySource } from './keys.ts';

const MIB = 1_048_576;

/** Hardhat's own chain: it makes blocks on demand only, and never takes one back. */
const DEVELOPMENT_CHAIN = 31_337;

const Operator = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), { error: 'must be an address' })
  .transform((text): Address => getAddress(text));

const Hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/, { error: 'must be 0x and 64 lower-case hex digits' })
  .transform((text) => text as Hex);

/** Everything a keeper can be told, with its limits. Sizes in bytes, times in seconds unless named otherwise. */
const KeeperOptions = z
  .strictObject({
    /** The keeper's id in the KeeperSet. */
    operator: Operator,
    /** Where the private halves of the keeper's keys come from, one for each epoch that still has records. */
    keys: z.custom<KeySource>((value) => typeof value === 'function', { error: 'must be a source of keys' }),
    /** JSON-RPC endpoints. All are asked, and all must agree. */
    rpcUrls: z.array(RpcUrlOption).min(1).max(8),
    /** Where the contracts stand. */
    deployment: DeploymentOption,
    host: z.string().min(1).default('127.0.0.1'),
    /** 0 takes any free port. */
    port: z.int().min(0).max(65_535).default(5201),
    /** C: how many blocks an opening and its permission must have been standing. Default 3; 0 on a development chain. */
    confirmations: z
      .union([z.int().min(0).max(1_000), z.enum(['safe', 'finalized'])], {
        error: 'must be 0 to 1000, safe or finalized',
      })
      .optional(),
    /** How long an endpoint that is a block behind the others is waited for, in milliseconds. */
    chainGraceMs: z.int().min(0).max(10_000).default(2_000),
    /** The hash of the contracts' code, as `doctor` shows it: with it, no other code is believed. */
    codeHash: Hash.optional(),
    /** How long after an opening its shares are given out. */
    releaseWindow: z.int().min(1).max(86_400).default(3_600),
    /** How far the head's time may be from the keeper's clock; 0 for any. Default 120; 0 on a development chain. */
    maxHeadAge: z.int().min(0).max(86_400).optional(),
    maxBodyBytes: z
      .int()
      .min(64 * 1_024)
      .max(16 * MIB)
      .default(2 * MIB),
    /** How many requests for shares are worked on at once; as many again times eight wait. */
    maxConcurrent: z.int().min(1).max(256).default(16),
    /** Requests a minute from one network address; 0 for any number. */
    ratePerAddress: z.int().min(0).max(1_000_000).default(1_200),
    /** Requests a minute for openings of one accessor that stand on the log; 0 for any number. */
    ratePerAccessor: z.int().min(0).max(1_000_000).default(240),
    /** How many reverse proxies stand in front: so many entries of X-Forwarded-For are believed. */
    trustedProxies: z.int().min(0).max(8).default(0),
    /** Web origins that may call from a browser. */
    origins: z.array(OriginOption).max(64).default([]),
    /** Where each release is written down before it is answered; without it there is no journal. */
    journalFile: z.string().min(1).optional(),
    /** Shares that keepers who left have passed on to this one. */
    handoverFiles: z.array(z.string().min(1)).max(64).default([]),
    /** How long `close()` waits for requests under way, in milliseconds. */
    graceMs: z.int().min(0).max(600_000).default(5_000),
  })
  .transform((options) => {
    const development = options.deployment.chainId === DEVELOPMENT_CHAIN;
    return {
      ...options,
      confirmations: options.confirmations ?? (development ? 0 : 3),
      maxHeadAge: options.maxHeadAge ?? (development ? 0 : 120),
    };
  });

export type KeeperOptions = z.input<typeof KeeperOptions>;
export type KeeperConfig = z.output<typeof KeeperOptions>;

/** @throws Error with one line that names the option; `nameOf` says how whoever set it calls it */
export function configFrom(options: unknown, nameOf?: (option: string) => string): KeeperConfig {
  return optionsFrom(KeeperOptions, options, nameOf);
}
