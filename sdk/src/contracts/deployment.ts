import { type Address, getAddress, isAddress } from 'viem';
import { ChainError } from '../errors.ts';
import { z } from '../zod.ts';

const address = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), 'an address')
  .transform((text) => getAddress(text));

const schema = z.object({
  chainId: z.number().int().positive(),
  /** The block from which on there can be events of ours. */
  startBlock: z.number().int().nonnegative(),
  authority: address,
  /** Relays signed requests (ERC-2771). */
  forwarder: address,
  participants: address,
  consents: address,
  records: address,
  log: address,
  guardianship: address,
  emergencies: address,
  keepers: address,
  view: address,
});

/** Where the contracts stand on one chain: `deploy/addresses/<chainId>.json`. */
export type Deployment = {
  readonly chainId: number;
  readonly startBlock: number;
  readonly authority: Address;
  /** Relays signed requests (ERC-2771). */
  readonly forwarder: Address;
  readonly participants: Address;
  readonly consents: Address;
  readonly records: Address;
  readonly log: Address;
  /** Guardians, changes of wallet, personal representatives. */
  readonly guardianship: Address;
  readonly emergencies: Address;
  readonly keepers: Address;
  readonly view: Address;
};

/** @throws ChainError `CHAIN_WRONG` if this is no deployment; the message names the field. */
export function parseDeployment(json: unknown): Deployment {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'the file';
  throw new ChainError('CHAIN_WRONG', `The list of contract addresses is not valid: ${field}.`, {
    advice: 'Deploy the contracts again, or point to the addresses of this chain.',
  });
}
