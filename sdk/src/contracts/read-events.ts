import {
  type Abi,
  type AbiEvent,
  type Address,
  type ContractEventArgs,
  type ContractEventName,
  encodeEventTopics,
  formatLog,
  type GetContractEventsReturnType,
  numberToHex,
} from 'viem';
import { type ChartkeyClient, read } from './client.ts';
import { type EventDecoder, eventDecoder } from './decode-event.ts';
import type {
  accessLogAbi,
  consentRegistryAbi,
  emergencyAccessAbi,
  guardianshipAbi,
  participantRegistryAbi,
  recordIndexAbi,
} from './generated/index.ts';

type OurAbi =
  | typeof accessLogAbi
  | typeof consentRegistryAbi
  | typeof emergencyAccessAbi
  | typeof guardianshipAbi
  | typeof participantRegistryAbi
  | typeof recordIndexAbi;

/** Every event of one kind, from the first block of ours on, or a later one. Asked for in ranges, as many nodes answer for no more. */
export async function events<const abi extends OurAbi, name extends ContractEventName<abi>>(
  client: ChartkeyClient,
  query: EventQuery<abi, name>,
  toBlock?: bigint,
  fromBlock?: bigint,
): Promise<GetContractEventsReturnType<abi, name, true>> {
  const last = toBlock ?? (await read(() => client.publicClient.getBlockNumber({ cacheTime: 0 })));
  const found: GetContractEventsReturnType<abi, name, true>[number][] = [];
  for (const range of blockRanges(fromBlock ?? BigInt(client.deployment.startBlock), last)) {
    for (const log of await eventsIn(client, query, range)) found.push(log);
  }
  return found;
}

/** Every event of one kind within one range. */
export function eventsIn<const abi extends OurAbi, name extends ContractEventName<abi>>(
  client: ChartkeyClient,
  query: EventQuery<abi, name>,
  range: BlockRange,
): Promise<GetContractEventsReturnType<abi, name, true>> {
  return read(async () => {
    const { abi, eventName, args, address } = query;
    const [event, decode] = decoderFor(abi, eventName);
    const topics = encodeEventTopics({ abi: [event], args } as never);
    const filter = {
      ...{ address, topics },
      fromBlock: numberToHex(range.fromBlock),
      toBlock: numberToHex(range.toBlock),
    };
    const logs = await client.publicClient.request({ method: 'eth_getLogs', params: [filter] });
    const found = logs.flatMap((log) => {
      const args = decode(log);
      return args ? [{ ...formatLog(log), args, eventName }] : [];
    });
    // The generic ABI gives the type; what is in it was read by that ABI.
    return found as unknown as GetContractEventsReturnType<abi, name, true>;
  });
}

const decoders = new WeakMap<object, Map<string, readonly [AbiEvent, EventDecoder]>>();

/** Made once for each kind of event. */
function decoderFor(abi: OurAbi, eventName: string): readonly [AbiEvent, EventDecoder] {
  const ofAbi = decoders.get(abi) ?? new Map();
  decoders.set(abi, ofAbi);
  const known = ofAbi.get(eventName);
  if (known) return known;
  const event = (abi as Abi).find((item) => item.type === 'event' && item.name === eventName) as AbiEvent;
  const made = [event, eventDecoder(event)] as const;
  ofAbi.set(eventName, made);
  return made;
}

/** Blocks that are read again: a short reorganisation must not leave what it took back. */
const READ_AGAIN = 12n;

/** Where to go on after a list that was read before. */
export function readFrom(
  { deployment }: ChartkeyClient,
  since: { readonly upTo: bigint } | undefined,
): bigint {
  const start = BigInt(deployment.startBlock);
  return since && since.upTo - READ_AGAIN > start ? since.upTo - READ_AGAIN : start;
}

/** Both ends belong to it. */
export type BlockRange = { readonly fromBlock: bigint; readonly toBlock: bigint };

/** Cut into pieces that nodes answer for. */
export function* blockRanges(fromBlock: bigint, toBlock: bigint): Generator<BlockRange> {
  for (let from = fromBlock; from <= toBlock; from += BLOCKS_AT_ONCE) {
    const last = from + BLOCKS_AT_ONCE - 1n;
    yield { fromBlock: from, toBlock: last < toBlock ? last : toBlock };
  }
}

/** Many nodes answer for no more than so many. */
const BLOCKS_AT_ONCE = 5_000n;

type EventQuery<abi extends OurAbi, name extends ContractEventName<abi>> = {
  readonly address: Address;
  readonly abi: abi;
  readonly eventName: name;
  readonly args: ContractEventArgs<abi, name>;
};

/** Where an event stands on the chain. */
export type Ordered = { readonly blockNumber: bigint; readonly logIndex: number };

/** As they stand on the chain. */
export async function inOrder<const lists extends readonly Promise<readonly Ordered[]>[]>(
  ...lists: lists
): Promise<Awaited<lists[number]>[number][]> {
  const logs: Awaited<lists[number]>[number][] = [];
  for (const list of await Promise.all(lists)) logs.push(...list);
  return logs.sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
}
