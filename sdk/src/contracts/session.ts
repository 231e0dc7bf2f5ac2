import type { Address } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import {
  accountOf,
  type ChartkeyClient,
  read,
  type Sent,
  type Session,
  type SessionKey,
  send,
} from './client.ts';
import { sessionForwarderAbi as abi } from './generated/index.ts';

/** A working session lasts so long at most, in seconds (`MAX_SESSION`). */
export const MAX_SESSION_SECONDS = 12 * 3_600;

/**
 * Starts a working session: the wallet signs once, and until `expiresAt` a key in this page's memory
 * logs openings in the person's name. Give the session to the client: `{ ...client, session }`.
 *
 * Warning: whoever gets hold of the key opens in the person's name what the person may open, logged,
 * until the session ends. It is never stored.
 *
 * @param expiresAt Unix seconds, at most 12 hours from now
 * @param key One that somebody else keeps, a worker for instance; without it a fresh one
 */
export async function startSession(
  client: ChartkeyClient,
  {
    expiresAt,
    key = privateKeyToAccount(generatePrivateKey()),
  }: { readonly expiresAt: number; readonly key?: SessionKey },
): Promise<Sent & { readonly session: Session }> {
  const person = accountOf(client);
  const sent = await send(client, {
    ...at(client),
    functionName: 'startSession',
    args: [key.address, expiresAt],
  });
  return { ...sent, session: { person, key, expiresAt } };
}

/** Ends the session of this wallet's person, from whatever device: its key opens nothing from this block on. */
export function endSession(client: ChartkeyClient): Promise<Sent> {
  return send(client, { ...at(client), functionName: 'endSession', args: [] });
}

/** The session that stands for a person; undefined for none. */
export async function sessionOf(
  client: ChartkeyClient,
  { person }: { readonly person: Address },
): Promise<{ readonly key: Address; readonly expiresAt: number } | undefined> {
  const args = [person] as const;
  const [key, expiresAt] = await read(() =>
    client.publicClient.readContract({ ...at(client), functionName: 'sessionOf', args }),
  );
  return expiresAt === 0 ? undefined : { key, expiresAt };
}

function at(client: ChartkeyClient) {
  return { address: client.deployment.forwarder, abi } as const;
}
