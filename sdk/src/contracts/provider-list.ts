import { type Address, getAddress, type Hex, toEventSelector } from 'viem';
import { type ChartkeyClient, read } from './client.ts';
import { eventDecoder } from './decode-event.ts';
import { type ListedProvider, providers } from './events.ts';
import { participantRegistryAbi } from './generated/index.ts';
import { logRanges, type RawLog } from './log-ranges.ts';
import { type Application, providerOf } from './participants.ts';
import { readFrom } from './read-events.ts';
import { ROLES, wordAt } from './vocabulary.ts';

/** Everybody who ever applied, or was verified by a voucher, as they stood at a block. */
export type ProviderList = { readonly providers: readonly ListedProvider[]; readonly upTo: bigint };

/** Changes of a provider, who stands in their first topic. */
const ABOUT_FIRST = [
  'ProviderRegistered',
  'ProviderVerified',
  'ProviderRenewed',
  'ProviderSuspended',
  'ProviderReinstated',
];
/** An organisation stands before its member here. */
const ABOUT_SECOND = ['MemberVouched', 'MemberDropped'];

/**
 * The list of providers; with the one of before, only what came since is asked for: one question while
 * nothing happens, and one more for each provider that something happened to.
 *
 * @throws ChainError
 */
export async function providerListOf(
  client: ChartkeyClient,
  { since }: { readonly since?: ProviderList | undefined } = {},
): Promise<ProviderList> {
  const upTo = await read(() => client.publicClient.getBlockNumber({ cacheTime: 0 }));
  if (!since) return { providers: await providers(client), upTo };
  const changed = await changedBetween(client, readFrom(client, since), upTo);
  if (changed.size === 0) return { providers: since.providers, upTo };
  const list = new Map(since.providers.map((one) => [one.provider, one]));
  const found = await Promise.all(
    [...changed].map(async ([provider, applied]) => {
      const application = applied ?? list.get(provider)?.application;
      return application && { provider, application, standing: await providerOf(client, { provider }) };
    }),
  );
  for (const one of found) if (one) list.set(one.provider, one);
  return { providers: [...list.values()], upTo };
}

/** To whom something happened, with the latest application where it was one. */
async function changedBetween(
  { publicClient, deployment }: ChartkeyClient,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<ReadonlyMap<Address, Application | undefined>> {
  const ranges = logRanges(publicClient, {
    addresses: [deployment.participants],
    topics: [[...ABOUT_FIRST, ...ABOUT_SECOND].map((name) => toEventSelector(eventOf(name)))],
    fromBlock: Number(fromBlock),
    toBlock: Number(toBlock),
  });
  const changed = new Map<Address, Application | undefined>();
  const isMember = new Set(ABOUT_SECOND.map((name) => toEventSelector(eventOf(name))));
  for await (const { logs } of ranges) {
    for (const log of logs) {
      const provider = accountIn(log.topics[isMember.has(log.topics[0] ?? '0x') ? 2 : 1]);
      changed.set(provider, applicationIn(log) ?? changed.get(provider));
    }
  }
  return changed;
}

function applicationIn(log: RawLog): Application | undefined {
  for (const name of ['ProviderRegistered', 'ProviderVerified']) {
    const application = eventDecoder(eventOf(name))(log)?.['application'] as
      | (Omit<Application, 'role'> & { readonly role: number })
      | undefined;
    if (application) return { ...application, role: wordAt(ROLES, application.role) };
  }
  return undefined;
}

function accountIn(topic: Hex | undefined): Address {
  return getAddress(`0x${(topic ?? '').slice(26)}`);
}

function eventOf(name: string) {
  const event = participantRegistryAbi.find((item) => item.type === 'event' && item.name === name);
  if (event?.type !== 'event') throw new Error(`ParticipantRegistry has no event ${name}.`);
  return event;
}
