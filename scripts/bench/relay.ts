import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  actionTypedData,
  consentRegistryAbi,
  type Deployment,
  MAX_REQUESTS_PER_POST,
  registerPatient,
  type SignedRequest,
  sessionForwarderAbi,
  submitRequests,
} from '@chartkey/sdk';
import { encodeFunctionData, type Hex, keccak256, numberToHex, stringToHex } from 'viem';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { ACTORS, LOCAL_AREA } from '../lib/accounts.ts';
import { clientFor, deployContracts, startChain } from '../lib/chain.ts';
import { freePort } from '../lib/process.ts';
import { type RunningRelay, startRelayNode } from '../lib/relay.ts';
import { type BenchResult, comparedTo, summarize } from './area.ts';

type Relayed = {
  readonly measureRelayed: () => Promise<{
    readonly direct: number;
    readonly relayed: number;
    readonly relayedInBatch: number;
  }>;
};

const ROUNDS = 3;
const PEOPLE = 10;
const EACH = 20;
const REQUESTS = PEOPLE * EACH;

/**
 * What it costs that somebody else pays. Gas: an opening by a session's key against one that the
 * accessor sends. Throughput: the same small calls, by the relay for ten people, and by one funded
 * account of its own in the same run.
 */
export async function bench(): Promise<readonly BenchResult[]> {
  return [...(await gas()), ...(await throughput())];
}

async function gas(): Promise<readonly BenchResult[]> {
  // Hardhat's types are its own project's; loaded here, so that asking for another area starts no chain.
  const file = new URL('../../test/contracts/support/relayed.ts', import.meta.url).href;
  const { measureRelayed } = (await import(file)) as Relayed;
  const { direct, relayed, relayedInBatch } = await measureRelayed();
  const base = summarize('direct-gas', 'gas', [direct]);
  const against = (name: string, used: number) =>
    comparedTo(summarize(name, 'gas', [used]), [used], base, [direct]);
  return [base, against('relayed/direct-gas', relayed), against('relayed-batch/direct-gas', relayedInBatch)];
}

async function throughput(): Promise<readonly BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-bench-'));
  const chain = await startChain(await freePort());
  const { rpcUrl } = chain;
  try {
    const addressesFile = join(folder, 'addresses.json');
    const deployment = await deployContracts(rpcUrl, addressesFile);
    const env = { CHARTKEY_RELAY_RATE_PER_PERSON: '0' };
    const relay = await startRelayNode({ account: ACTORS.relay, rpcUrl, addressesFile, folder, env });
    const people = Array.from({ length: PEOPLE }, () => privateKeyToAccount(generatePrivateKey()));
    const sender = ACTORS.patient;
    for (const person of people) await enrol({ rpcUrl, deployment, relay }, person);
    await registerPatient(clientFor(rpcUrl, deployment, sender), identityOf(sender.address));
    const [relayed, direct]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; ++round) {
      relayed.push(await relayRound({ rpcUrl, deployment, relay }, people, round));
      direct.push(await directRound({ rpcUrl, deployment, relay }));
    }
    await relay.service.close();
    const base = summarize('throughput-direct', '1/s', direct);
    return [base, comparedTo(summarize('throughput/direct', '1/s', relayed), relayed, base, direct)];
  } finally {
    await chain.close();
    await rm(folder, { recursive: true, force: true });
  }
}

type Place = { readonly rpcUrl: string; readonly deployment: Deployment; readonly relay: RunningRelay };

function identityOf(address: Hex) {
  return { area: LOCAL_AREA, pid: keccak256(address), publicKeyHash: keccak256(stringToHex('key')) };
}

async function enrol({ rpcUrl, deployment, relay }: Place, person: PrivateKeyAccount): Promise<void> {
  const client = { ...clientFor(rpcUrl, deployment, person), relay };
  await registerPatient(client, identityOf(person.address));
}

/** A call that any patient can make as often as it likes. */
function call(number: number): Hex {
  const accessor = numberToHex(number + 1, { size: 20 });
  return encodeFunctionData({ abi: consentRegistryAbi, functionName: 'declineRequest', args: [accessor] });
}

/** Requests a second, from the first post until the last stands on the chain. Signing is not in it. */
async function relayRound(
  { rpcUrl, deployment, relay }: Place,
  people: readonly PrivateKeyAccount[],
  round: number,
) {
  const { publicClient } = clientFor(rpcUrl, deployment);
  const first = BigInt(1 + round * EACH);
  const posts = await Promise.all(people.map((person) => signAll(deployment, person, first)));
  const fromBlock = (await publicClient.getBlockNumber({ cacheTime: 0 })) + 1n;
  const started = performance.now();
  await Promise.all(posts.map((requests) => submitRequests(relay, requests)));
  // As cheap a question as the direct round's.
  const nonces = { address: deployment.forwarder, abi: sessionForwarderAbi, functionName: 'nonces' } as const;
  for (const { address } of people) {
    while ((await publicClient.readContract({ ...nonces, args: [address] })) < first + BigInt(EACH)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const rate = (REQUESTS * 1_000) / (performance.now() - started);
  const at = { address: deployment.consents, abi: consentRegistryAbi, eventName: 'RequestDeclined' } as const;
  const made = await publicClient.getContractEvents({ ...at, fromBlock });
  if (made.length !== REQUESTS) throw new Error('Not each of them was made once.');
  return rate;
}

function signAll(deployment: Deployment, person: PrivateKeyAccount, first: bigint): Promise<SignedRequest[]> {
  const deadline = Math.floor(Date.now() / 1000) + 3_000;
  return Promise.all(
    Array.from({ length: Math.min(EACH, MAX_REQUESTS_PER_POST) }, async (_, i) => {
      const request = {
        from: person.address,
        to: deployment.consents,
        gas: 100_000n,
        nonce: first + BigInt(i),
        deadline,
        data: call(i),
      };
      return { ...request, signature: await person.signTypedData(actionTypedData(deployment, request)) };
    }),
  );
}

/** The same number of calls by one funded account: signed before, and sent one behind the other. */
async function directRound({ rpcUrl, deployment }: Place): Promise<number> {
  const { publicClient, walletClient } = clientFor(rpcUrl, deployment, ACTORS.patient);
  if (!walletClient) throw new Error('no wallet');
  const { address } = ACTORS.patient;
  const nonce = await publicClient.getTransactionCount({ address });
  const fees = await publicClient.estimateFeesPerGas();
  const signed = await Promise.all(
    Array.from({ length: REQUESTS }, (_, i) =>
      ACTORS.patient.signTransaction({
        ...fees,
        type: 'eip1559',
        chainId: deployment.chainId,
        to: deployment.consents,
        data: call(i),
        gas: 100_000n,
        nonce: nonce + i,
      }),
    ),
  );
  const started = performance.now();
  // Requests that are under way together may overtake each other, and the node queues none.
  for (const serializedTransaction of signed)
    await publicClient.sendRawTransaction({ serializedTransaction });
  while ((await publicClient.getTransactionCount({ address })) < nonce + REQUESTS) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return (REQUESTS * 1_000) / (performance.now() - started);
}
