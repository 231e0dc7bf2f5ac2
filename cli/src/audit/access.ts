import { open } from 'node:fs/promises';
import {
  type ChartkeyClient,
  ChartkeyError,
  chainEntries,
  DECISIONS,
  type ExportedEntry,
  entryOfIndex,
  type Index,
  type ListQuery,
  PURPOSES_OF_USE,
  readIndex,
  type TrustedBlock,
} from '@chartkey/sdk';
import { type Address, type Hex, isAddress, isHash } from 'viem';
import type { Given, Option } from '../command.ts';

export const INDEX_OPTIONS = {
  'index-url': {
    value: 'URL',
    says: 'an index to read from (default: the chain itself, which takes longer)',
  },
} as const satisfies Record<string, Option>;

/** The block that everything is held against. */
export const BLOCK_OPTIONS = {
  block: { value: 'NUMBER', says: 'the block to prove it in (default: the newest one)' },
  'block-hash': {
    value: 'HASH',
    says: 'the hash that you trust for this block (default: what the chain of --rpc-url says: use your own node)',
  },
} as const satisfies Record<string, Option>;

/** Which entries. */
export const FILTER_OPTIONS = {
  patient: { value: 'ADDRESS', says: 'of this patient' },
  accessor: { value: 'ADDRESS', says: 'of this accessor' },
  organisation: { value: 'ADDRESS', says: 'of members of this organisation (needs an index)' },
  purpose: { value: 'CODE', says: `for this purpose: ${PURPOSES_OF_USE.map(({ code }) => code).join(', ')}` },
  outcome: { value: 'OUTCOME', says: 'permitted, refused, or one decision such as ConsentMissing' },
  from: { value: 'TIME', says: 'from this time on: 2026-11-21 or 2026-11-21T10:00:00Z' },
  until: { value: 'TIME', says: 'before this time' },
  emergency: { says: 'for ETREAT or BTG alone' },
} as const satisfies Record<string, Option>;

export type Filter = Omit<ListQuery<'entries'>, 'limit' | 'cursor' | 'order' | 'patient'> & {
  readonly patient?: Address;
};

export function indexFrom(given: Given): Index | undefined {
  const url = given.text('index-url');
  return url === undefined ? undefined : { url };
}

/** @throws ChartkeyError `INPUT_INVALID` that names the option */
export function addressFrom(text: string | undefined, option: string): Address | undefined {
  if (text === undefined || isAddress(text, { strict: false })) return text as Address | undefined;
  throw invalid(option, 'must be an address');
}

/** @throws ChartkeyError `INPUT_INVALID` that names the option */
export function filterFrom(given: Given): Filter {
  const address = (option: string) => addressFrom(given.text(option), option);
  const outcome = given.text('outcome');
  const decision = DECISIONS.find(({ code }) => code === outcome)?.code;
  if (outcome !== undefined && decision === undefined && outcome !== 'permitted' && outcome !== 'refused') {
    throw invalid('outcome', 'must be permitted, refused or a decision');
  }
  const purposeText = given.text('purpose');
  const purpose = PURPOSES_OF_USE.find(({ code }) => code === purposeText)?.code;
  if (purposeText !== undefined && purpose === undefined) throw invalid('purpose', 'must be a code of HL7');
  return withoutAbsent({
    patient: address('patient'),
    accessor: address('accessor'),
    organisation: address('organisation'),
    purpose,
    decision,
    outcome: decision === undefined ? (outcome as 'permitted' | 'refused' | undefined) : undefined,
    emergency: given.on('emergency') || undefined,
    from: timeFrom(given, 'from'),
    until: timeFrom(given, 'until'),
  });
}

/** What was asked for, in words. */
export function wordsOf(filter: Filter): string[] {
  const time = (value: unknown) => new Date(Number(value) * 1_000).toISOString();
  return Object.entries(filter).map(
    ([name, value]) => `${name}: ${name === 'from' || name === 'until' ? time(value) : String(value)}`,
  );
}

/** Entries up to a block, oldest first, one after the other: a million take no more memory than a page. */
export function entriesFrom(
  client: ChartkeyClient,
  { index, filter, block }: { index: Index | undefined; filter: Filter; block: TrustedBlock },
): AsyncGenerator<ExportedEntry> {
  return index ? fromIndex(index, filter, block) : fromChain(client, filter, block);
}

async function* fromIndex(index: Index, filter: Filter, block: TrustedBlock): AsyncGenerator<ExportedEntry> {
  for await (const entry of readIndex(index, 'entries', { ...filter, order: 'oldest' })) {
    // Oldest first: nothing that comes after it is wanted.
    if (entry.blockNumber > block.number) return;
    yield { ...entryOfIndex(entry), organisation: entry.organisation };
  }
}

async function* fromChain(
  client: ChartkeyClient,
  filter: Filter,
  { number }: TrustedBlock,
): AsyncGenerator<ExportedEntry> {
  if (filter.organisation !== undefined) {
    throw invalid('organisation', 'needs an index (--index-url)');
  }
  const query = { toBlock: number, ...(filter.patient && { patient: filter.patient }) };
  for await (const entry of chainEntries(client, query)) if (isWanted(entry, filter)) yield entry;
}

function isWanted(entry: ExportedEntry, filter: Filter): boolean {
  const { accessor, purpose, decision, outcome, emergency, from, until } = filter;
  const isEmergency = entry.purpose === 'ETREAT' || entry.purpose === 'BTG';
  return (
    (accessor === undefined || entry.accessor.toLowerCase() === accessor.toLowerCase()) &&
    (purpose === undefined || entry.purpose === purpose) &&
    (decision === undefined || entry.decision === decision) &&
    (outcome === undefined || (entry.decision === 'Permit') === (outcome === 'permitted')) &&
    (emergency === undefined || isEmergency === emergency) &&
    (from === undefined || entry.openedAt >= from) &&
    (until === undefined || entry.openedAt < until)
  );
}

/** The block to prove things in. @throws ChartkeyError `INPUT_INVALID`, ChainError */
export async function trustedBlock(client: ChartkeyClient, given: Given): Promise<TrustedBlock> {
  const text = given.text('block');
  if (text !== undefined && !/^\d{1,15}$/.test(text)) throw invalid('block', 'must be a block’s number');
  const trusted = hashFrom(given);
  const block = await client.publicClient.getBlock(
    text === undefined
      ? trusted === undefined
        ? { blockTag: 'latest' }
        : { blockHash: trusted }
      : { blockNumber: BigInt(text) },
  );
  return { hash: trusted ?? block.hash, number: block.number };
}

/** @throws ChartkeyError `INPUT_INVALID` */
export function hashFrom(given: Given): Hex | undefined {
  const text = given.text('block-hash');
  if (text === undefined || isHash(text)) return text;
  throw invalid('block-hash', 'must be 0x and 64 hex digits');
}

/** Writes a file piece by piece, and never over one that is there. @throws ChartkeyError `INPUT_INVALID` */
export async function writePieces(path: string, pieces: AsyncIterable<string>): Promise<number> {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw invalid('output', isThere ? 'is there already and is not written over' : 'can’t be written');
  });
  let bytes = 0;
  try {
    let waiting = '';
    for await (const piece of pieces) {
      waiting += piece;
      if (waiting.length < 65_536) continue;
      bytes += (await file.write(waiting)).bytesWritten;
      waiting = '';
    }
    bytes += (await file.write(waiting)).bytesWritten;
    await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}

export function invalid(option: string, what: string): ChartkeyError {
  return new ChartkeyError('INPUT_INVALID', `--${option}: ${what}.`);
}

function timeFrom(given: Given, option: string): number | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw invalid(option, 'must be a time such as 2026-11-21 or 2026-11-21T10:00:00Z');
  return Math.floor(time / 1_000);
}

function withoutAbsent(filter: { readonly [name in keyof Filter]: Filter[name] | undefined }): Filter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
