import { type ChartkeyClient, ChartkeyError, type TrustedBlock } from '@chartkey/sdk';
import { type Hex, isHash } from 'viem';
import type { Given, Option } from '../command.ts';
import { numberFrom } from '../inputs.ts';

/** The block that everything is held against. */
export const BLOCK_OPTIONS = {
  block: { value: 'NUMBER', says: 'the block to prove it in (default: the newest one)' },
  'block-hash': {
    value: 'HASH',
    says: 'the hash that you trust for this block (default: what the chain of --rpc-url says: use your own node)',
  },
} as const satisfies Record<string, Option>;

/** The block to prove things in. @throws ChartkeyError `INPUT_INVALID`, ChainError */
export async function trustedBlock(client: ChartkeyClient, given: Given): Promise<TrustedBlock> {
  const text = given.text('block');
  const number = text === undefined ? undefined : numberFrom(text, '--block', [0, Number.MAX_SAFE_INTEGER]);
  const trusted = hashFrom(given);
  const block = await client.publicClient.getBlock(
    number !== undefined
      ? { blockNumber: BigInt(number) }
      : trusted === undefined
        ? { blockTag: 'latest' }
        : { blockHash: trusted },
  );
  return { hash: trusted ?? block.hash, number: block.number };
}

/** @throws ChartkeyError `INPUT_INVALID` */
export function hashFrom(given: Given): Hex | undefined {
  const text = given.text('block-hash');
  if (text === undefined || isHash(text)) return text;
  throw new ChartkeyError('INPUT_INVALID', '--block-hash: must be 0x and 64 hex digits.');
}
