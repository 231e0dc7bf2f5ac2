'use client';

import { keeperEpoch } from '@chartkey/sdk';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { RPC_PATH } from '../../chain/index.ts';
import type { Translate } from '../../i18n/messages.ts';
import type { ServiceHealth, WatchedService } from '../../server/health.ts';
import { shortAddress } from '../../ui/index.ts';
import { useReader } from '../session/index.ts';

const WATCH_MS = 5_000;
const ANSWER_MS = 8_000;

/** One service as this page finds it, through paths of its own origin. */
export type Service = {
  /** Which it is, whatever the language. */
  readonly id: string;
  readonly name: string;
  readonly does: string;
  readonly health: ServiceHealth | undefined;
};

export type System = {
  readonly chain: Service & { readonly block: bigint | undefined };
  readonly others: readonly Service[];
  readonly keepers: {
    readonly services: readonly Service[];
    /** k: so many are needed to open a record. */
    readonly threshold: number;
    readonly epoch: number;
  };
};

/** How everything is, asked anew every few seconds while somebody looks. */
export function useSystem(): System {
  const t = useTranslations('system');
  const chain = useChain();
  const keepers = useKeepers();
  const storage = useWatched('storage');
  const relay = useWatched('relay');
  const index = useWatched('index');
  return {
    chain,
    others: [
      { id: 'storage', name: t('storage'), does: t('holdsEncryptedRecords'), health: storage },
      { id: 'relay', name: t('relay'), does: t('sendsWhatPeopleSignAnd'), health: relay },
      {
        id: 'index',
        name: t('index'),
        does: t(
          index === undefined || index.state === 'up'
            ? 'makesListsQuickDecidesNothing'
            : 'listsComeFromTheChain',
        ),
        health: withLag(t, index, chain.block),
      },
    ],
    keepers,
  };
}

const watching = { refetchInterval: WATCH_MS, networkMode: 'always', retry: false, gcTime: 0 } as const;

function useChain(): System['chain'] {
  const t = useTranslations('system');
  const reader = useReader();
  const query = useQuery({
    queryKey: ['system-chain'],
    ...watching,
    queryFn: async () => {
      const [block, version] = await Promise.all([
        reader.publicClient.getBlock({ blockTag: 'latest' }),
        clientVersion(),
      ]);
      return { number: block.number, at: Number(block.timestamp), version };
    },
  });
  const { data, error } = query;
  const service = { id: 'chain', name: t('chain'), does: t('holdsTheRulesAndThe') };
  if (error) return { ...service, health: { state: 'down' }, block: undefined };
  if (!data) return { ...service, health: undefined, block: undefined };
  return { ...service, health: { state: 'up', version: data.version }, block: data.number };
}

/** What the chain's node calls itself; nodes may keep it to themselves. */
async function clientVersion(): Promise<string | undefined> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'web3_clientVersion', params: [] });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(RPC_PATH, { method: 'POST', headers, body });
  const { result } = (await answer.json()) as { readonly result?: unknown };
  return typeof result === 'string' ? result.slice(0, 80) : undefined;
}

function useKeepers(): System['keepers'] {
  const t = useTranslations('system');
  const reader = useReader();
  const epoch = useQuery({
    queryKey: ['system-epoch'],
    ...watching,
    queryFn: async () => (await keeperEpoch(reader)) ?? null,
  });
  const keepers = epoch.data?.keepers ?? [];
  const health = useQuery({
    queryKey: ['system-keepers', ...keepers.map(({ operator }) => operator)],
    enabled: keepers.length > 0,
    ...watching,
    queryFn: () => Promise.all(keepers.map(({ operator }) => keeperHealth(operator))),
  });
  return {
    services: keepers.map(({ operator }, index) => ({
      id: operator,
      name: t('keeper', { number: index + 1 }),
      does: shortAddress(operator),
      health: health.data?.[index],
    })),
    threshold: epoch.data?.threshold ?? 0,
    epoch: epoch.data?.epoch ?? 0,
  };
}

async function keeperHealth(operator: string): Promise<ServiceHealth> {
  const [alive, ready] = await Promise.all([
    answerOf(`/keepers/${operator}/healthz`),
    answerOf(`/keepers/${operator}/readyz`),
  ]);
  if (!alive?.ok) return { state: 'down' };
  const version = alive.body.version;
  return ready?.ok ? { state: 'up', version } : { state: 'unready', version, why: ready?.body.title };
}

type Answer = { readonly ok: boolean; readonly body: { readonly version?: string; readonly title?: string } };

async function answerOf(path: string): Promise<Answer | undefined> {
  try {
    const answer = await fetch(path, { signal: AbortSignal.timeout(ANSWER_MS) });
    return { ok: answer.ok, body: (await answer.json()) as Answer['body'] };
  } catch {
    return undefined;
  }
}

function useWatched(service: WatchedService): ServiceHealth | undefined {
  const query = useQuery({
    queryKey: ['system', service],
    ...watching,
    queryFn: async () => {
      const answer = await fetch(`/api/health/${service}`, { signal: AbortSignal.timeout(ANSWER_MS) });
      return (await answer.json()) as ServiceHealth;
    },
  });
  return query.error ? { state: 'down' } : query.data;
}

function withLag(
  t: Translate<'system'>,
  health: ServiceHealth | undefined,
  head: bigint | undefined,
): ServiceHealth | undefined {
  // Why it is not ready says more than how late it is.
  if (health?.block === undefined || head === undefined || health.why) return health;
  const behind = Number(head) - health.block;
  return { ...health, why: behind > 0 ? t('blocksBehindTheChain', { behind }) : t('upToTheNewestBlock') };
}
