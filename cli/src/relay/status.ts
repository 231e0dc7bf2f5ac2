import { ChartkeyError, relayInfo } from '@chartkey/sdk';
import { formatGwei } from 'viem';
import { type Command, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

const TIMEOUT_MS = 10_000;

export const status: Command = {
  name: 'relay status',
  says: 'Asks a relay that runs who it is, whether it can send, and how much waits',
  positionals: 'URL',
  options: {},
  more: [
    'Exit code 1: it can’t send now. What waits and its ether are told where /metrics and /readyz are',
    'reachable, which is behind the proxy.',
  ].join(' '),
  examples: ['relay status http://127.0.0.1:5301'],
  run: async ({ positionals: [url] }) => {
    if (url === undefined || !URL.canParse(url)) throw new UsageError('The relay’s URL must be given');
    const info = await relayInfo({ url });
    const { ready, problem } = await readiness(url);
    const { waiting, ether } = await counters(url);
    return {
      json: { ...info, ready, problem, waiting, ether },
      lines: [
        `relay ${info.relay}, version ${info.version}, chain ${info.chainId}, forwarder ${info.forwarder}`,
        `pays at most ${formatGwei(info.feeCap)} gwei; ${info.limits.waitingPerPerson} waiting and ${info.limits.ratePerPerson || 'any number'} a minute for each person`,
        ready ? 'It can send.' : `It can’t send now: ${problem}.`,
        waiting === null
          ? 'How much waits is not told here.'
          : `${waiting} wait; ${ether ?? '?'} ether left when it last looked.`,
      ],
      exitCode: ready ? EXIT.done : EXIT.found,
    };
  },
};

async function readiness(url: string): Promise<{ readonly ready: boolean; readonly problem: string | null }> {
  const response = await ask(url, 'readyz');
  if (response.ok) return { ready: true, problem: null };
  const { type } = (await response.json().catch(() => ({}))) as { readonly type?: unknown };
  return { ready: false, problem: /^urn:chartkey:problem:([A-Z_]+)$/.exec(String(type))?.[1] ?? 'NOT_TOLD' };
}

async function counters(url: string) {
  const response = await ask(url, 'metrics');
  const text = response.ok ? await response.text() : '';
  const numberOf = (name: string) => {
    const [, value] = new RegExp(`^chartkey_relay_${name} (\\S+)$`, 'm').exec(text) ?? [];
    return value === undefined ? null : Number(value);
  };
  return { waiting: numberOf('waiting'), ether: numberOf('balance_ether') };
}

async function ask(url: string, path: string): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return await fetch(`${url.replace(/\/+$/, '')}/${path}`, { signal, redirect: 'error' });
  } catch (cause) {
    throw new ChartkeyError('RELAY_UNREACHABLE', 'The relay does not answer.', { retryable: true, cause });
  }
}
