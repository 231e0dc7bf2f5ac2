import type { Address } from 'viem';
import type { ChartkeyClient, ProviderList, RecordList, SharingList } from '../contracts/index.ts';
import { IndexError } from '../errors.ts';
import { askIndex, type Index } from './client.ts';
import type { IndexList, ListItem, ListPage, ListQuery, UpTo } from './protocol.ts';

/*
 * Lists as an index has them, in the shape in which the chain's own readers (`recordListOf`,
 * `sharingListOf`, `providerListOf`) go on from them with what came since. So an index that is late
 * makes a list slower, and never older.
 *
 * Warning: an index can leave something out, and nothing here says so. Nothing is permitted by these
 * lists; whoever must have all of one reads the chain.
 */

/** A patient's records. @throws IndexError; ChainError */
export async function indexedRecordList(
  client: ChartkeyClient,
  { index, patient }: { readonly index: Index; readonly patient: Address },
): Promise<RecordList> {
  const { items, upTo } = await readAll(client, index, 'records', { patient });
  return { records: items, upTo };
}

/** Consents and requests of one patient, or of one accessor. @throws IndexError; ChainError */
export async function indexedSharingList(
  client: ChartkeyClient,
  {
    index,
    ...party
  }: ({ readonly patient: Address } | { readonly accessor: Address }) & { readonly index: Index },
): Promise<SharingList> {
  const [consents, requests] = await Promise.all([
    readAll(client, index, 'consents', party),
    readAll(client, index, 'requests', party),
  ]);
  return {
    consents: consents.items.map(({ patient, accessor, state: _, ...consent }) => ({
      ...{ patient, accessor, consent },
    })),
    requests: requests.items.map((request) => ({ ...request, blockNumber: BigInt(request.blockNumber) })),
    upTo: earlier(consents.upTo, requests.upTo),
  };
}

/** Everybody who ever applied or was verified. @throws IndexError; ChainError */
export async function indexedProviderList(
  client: ChartkeyClient,
  { index }: { readonly index: Index },
): Promise<ProviderList> {
  const { items, upTo } = await readAll(client, index, 'providers', {});
  const providers = items.map(({ provider, role, area, organisation, credentialHash, ...rest }) => ({
    provider,
    application: { role, area, organisation, credentialHash },
    standing: { role, area, organisation, ...rest },
  }));
  return { providers, upTo };
}

/** As many as an index gives at once. */
const PAGE = 1_000;

/** A whole list, and the block from which to go on: the earliest that one of its pages knew of. */
async function readAll<list extends IndexList>(
  client: ChartkeyClient,
  index: Index,
  list: list,
  query: ListQuery<list>,
): Promise<{ readonly items: readonly ListItem<list>[]; readonly upTo: bigint }> {
  const items: ListItem<list>[] = [];
  let first: UpTo | undefined;
  let cursor: string | undefined;
  do {
    const page: ListPage<list> = await askIndex(index, list, { ...query, limit: PAGE, cursor });
    items.push(...(page.items as ListItem<list>[]));
    first ??= page.upTo;
    cursor = page.next === cursor ? undefined : (page.next ?? undefined);
  } while (cursor !== undefined);
  return { items, upTo: await onThisChain(client, first) };
}

/** An index that follows another chain, or was left behind on a branch, would be gone on from wrongly. */
async function onThisChain({ publicClient }: ChartkeyClient, upTo: UpTo | undefined): Promise<bigint> {
  const blockNumber = BigInt(upTo?.blockNumber ?? 0);
  const block = await publicClient.getBlock({ blockNumber }).catch(() => undefined);
  if (block && block.hash === upTo?.blockHash) return blockNumber;
  throw new IndexError('INDEX_WRONG_ANSWER', 'The index follows another chain than this one.', {
    advice: 'Read from the chain itself, or ask another index.',
  });
}

function earlier(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
