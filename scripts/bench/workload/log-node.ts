/**
 * A node that has nothing but a long access log, made up as it is asked for: `node log-node.ts ENTRIES`.
 * A million entries on a real chain take hours of mining; what an index reads of them is this.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { accessLogAbi, participantRegistryAbi } from '@chartkey/sdk';
import {
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  numberToHex,
  pad,
  zeroHash,
} from 'viem';

const ENTRIES = Number(process.argv[2] ?? 1_000_000);
const PATIENTS = 5_000;
const ACCESSORS = 500;
const ORGANISATIONS = 20;
const PER_BLOCK = 100;
const SECONDS_PER_BLOCK = 12;
const START = 1_700_000_000;
/** Accessors and their organisations stand in the first block, entries from the second one on. */
const FIRST = 2;
const LAST = FIRST + Math.ceil(ENTRIES / PER_BLOCK) - 1;

const contract = (number: number) => pad(numberToHex(number), { size: 20 });
const DEPLOYMENT = {
  chainId: 31337,
  startBlock: 1,
  authority: contract(1),
  forwarder: contract(2),
  participants: contract(3),
  consents: contract(4),
  records: contract(5),
  log: contract(6),
  keepers: contract(7),
  view: contract(8),
  guardianship: contract(9),
  emergencies: contract(10),
};

const patientAt = (n: number): Address => `0xaa${hex(n, 38)}`;
const accessorAt = (n: number): Address => `0xbb${hex(n, 38)}`;
const organisationAt = (n: number): Address => `0xcc${hex(n, 38)}`;
const [OPENED] = encodeEventTopics({ abi: accessLogAbi, eventName: 'RecordOpened' });
const [REFUSED] = encodeEventTopics({ abi: accessLogAbi, eventName: 'OpenRefused' });

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** Something that looks like a hash and is quick to make. */
function hashLike(kind: number, n: number): Hex {
  return `0x${hex(kind, 4)}${hex((n * 2_654_435_761) % 2 ** 48, 12)}${hex(n, 48)}`;
}

/** One in twenty refused, one in a hundred an emergency, one in ten for another purpose. */
function entryLog(n: number): string {
  const patient = n % PATIENTS;
  const sequence = Math.floor(n / PATIENTS) + 1;
  const block = FIRST + Math.floor(n / PER_BLOCK);
  const isRefused = n % 20 === 7;
  const purpose = n % 100 === 13 ? 1 : n % 10 === 3 ? 3 + (n % 6) : 0;
  const accessor = (n * 7_919 + sequence) % ACCESSORS;
  const words = [sequence, purpose, START + block * SECONDS_PER_BLOCK]
    .map((value) => hex(value, 64))
    .join('');
  const last = hex(isRefused ? 7 : n % 64, 64);
  return `{"address":"${DEPLOYMENT.log}","topics":["${isRefused ? REFUSED : OPENED}","0x${'0'.repeat(24)}${patientAt(patient).slice(2)}","0x${'0'.repeat(24)}${accessorAt(accessor).slice(2)}","${hashLike(1, n % 40_000)}"],"data":"0x${words}${hashLike(2, n).slice(2)}${last}","blockNumber":"0x${block.toString(16)}","blockHash":"${hashOf(block)}","transactionHash":"${hashLike(3, Math.floor(n / 4))}","transactionIndex":"0x0","logIndex":"0x${(n % PER_BLOCK).toString(16)}","removed":false}`;
}

function hashOf(block: number): Hex {
  return hashLike(9, block);
}

/** Each accessor verified and a member. */
function memberLogs(): string[] {
  return Array.from({ length: ACCESSORS }, (_, n) => {
    const provider = accessorAt(n);
    const organisation = organisationAt(n % ORGANISATIONS);
    const application = { role: 1, area: 1, organisation, credentialHash: zeroHash };
    const verified = encodeEventTopics({
      abi: participantRegistryAbi,
      eventName: 'ProviderVerified',
      args: { provider, manager: contract(9), area: 1 },
    });
    const event = participantRegistryAbi.find(
      (item) => item.type === 'event' && item.name === 'ProviderVerified',
    );
    const data = encodeAbiParameters(
      event?.type === 'event' ? event.inputs.filter((input) => !input.indexed) : [],
      [application, 2_000_000_000] as never,
    );
    const vouched = encodeEventTopics({
      abi: participantRegistryAbi,
      eventName: 'MemberVouched',
      args: { organisation, member: provider },
    });
    return [
      { topics: verified, data },
      { topics: vouched, data: '0x' },
    ].map((log, i) =>
      JSON.stringify({
        ...log,
        address: DEPLOYMENT.participants,
        blockNumber: '0x1',
        blockHash: hashOf(1),
        transactionHash: zeroHash,
        transactionIndex: '0x0',
        logIndex: numberToHex(2 * n + i),
        removed: false,
      }),
    );
  }).flat();
}

type Filter = { readonly fromBlock: Hex; readonly toBlock: Hex; readonly address: Hex | readonly Hex[] };

function logsOf({ fromBlock, toBlock, address }: Filter): string {
  const [from, to] = [Number(fromBlock), Math.min(Number(toBlock), LAST)];
  const wantsMembers = Array.isArray(address) && from <= 1;
  const logs = wantsMembers ? memberLogs() : [];
  const end = Math.min(ENTRIES, (to - FIRST + 1) * PER_BLOCK);
  for (let n = Math.max(0, (from - FIRST) * PER_BLOCK); n < end; n++) logs.push(entryLog(n));
  return `[${logs.join(',')}]`;
}

function blockOf(number: number): object | null {
  if (number > LAST) return null;
  return {
    number: numberToHex(number),
    hash: hashOf(number),
    parentHash: number === 0 ? zeroHash : hashOf(number - 1),
    timestamp: numberToHex(START + number * SECONDS_PER_BLOCK),
    transactions: [],
  };
}

function answer(method: string, params: readonly unknown[]): string {
  if (method === 'eth_getLogs') return logsOf(params[0] as Filter);
  if (method === 'eth_chainId') return JSON.stringify(numberToHex(DEPLOYMENT.chainId));
  if (method === 'eth_blockNumber') return JSON.stringify(numberToHex(LAST));
  // Something stands where the contracts are said to be.
  if (method === 'eth_getCode') return '"0x00"';
  // The only view that is asked: where the registry stands.
  if (method === 'eth_call') return JSON.stringify(pad(DEPLOYMENT.participants, { size: 32 }));
  const tag = params[0];
  return JSON.stringify(blockOf(tag === 'latest' ? LAST : Number(tag)));
}

const server = createServer(async (request, response) => {
  const { id, method, params } = JSON.parse(await text(request));
  response.setHeader('content-type', 'application/json');
  response.end(`{"jsonrpc":"2.0","id":${id},"result":${answer(method, params)}}`);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  console.log(JSON.stringify({ url, deployment: DEPLOYMENT, last: LAST }));
});
process.on('SIGTERM', () => process.exit(0));
