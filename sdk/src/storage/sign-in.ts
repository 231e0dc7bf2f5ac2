import { createSiweMessage } from 'viem/siwe';
import { answerChallenge, type KeyPair } from '../envelope/index.ts';
import { ChartkeyError } from '../errors.ts';
import { fromBase64Url, toBase64Url } from '../keeper/base64url.ts';
import type { NodeHandle, StorageClient } from './client.ts';
import { askGate } from './gate.ts';
import { RequestFailure, storageError } from './http.ts';

/** Where somebody signs in. The proof names it, so that it is worth nothing on another site. */
type Place = {
  readonly chainId: number;
  /** Default: the page's. */
  readonly origin?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** What a wallet is shown and asked to sign (ERC-4361), for one gate. */
export type SignInMessage = {
  /** Which of the client's nodes it is for, by its label. */
  readonly node: string;
  readonly message: string;
};

/**
 * Until when uploads need no sign-in: the earliest end of the sessions at the client's gates, in
 * Unix milliseconds; 0 if one of them has none; undefined without gates, where nobody signs in.
 */
export function signedInUntil(client: StorageClient): number | undefined {
  const gates = client.nodes.filter(({ gate }) => gate !== undefined);
  if (gates.length === 0) return undefined;
  return Math.min(...gates.map((node) => client.gates.get(node)?.expiresAt ?? 0));
}

/**
 * The messages that `address` has to sign, one for each gate. For a wallet that lives elsewhere than
 * the client, as a page's does; otherwise {@link signInWithWallet}.
 *
 * @throws StorageError `STORAGE_UNREACHABLE`
 */
export async function signInMessages(
  client: StorageClient,
  { address, ...place }: Place & { readonly address: `0x${string}` },
): Promise<SignInMessage[]> {
  const origin = originOf(place);
  const messages: SignInMessage[] = [];
  for (const node of gatesOf(client)) {
    const { nonce } = await asking(node, () =>
      askGate(client, node, { path: '/auth/nonce', ...only(place) }),
    );
    const message = createSiweMessage({
      ...{ address, chainId: place.chainId, domain: new URL(origin).host, uri: origin },
      ...{ nonce: String(nonce), version: '1', statement: STATEMENT },
    });
    messages.push({ node: node.label, message });
  }
  return messages;
}

const STATEMENT =
  'Sign in to storage, to put encrypted records there. This moves nothing, costs nothing, and opens no record.';

/**
 * Hands in what the wallet signed. The token stays in the client's memory, and nowhere else.
 *
 * @throws StorageError `STORAGE_NOT_ADMITTED`, `STORAGE_SIGNED_OUT` (the message has expired),
 *   `STORAGE_UNREACHABLE`
 */
export async function handInSignature(
  client: StorageClient,
  {
    node: label,
    message,
    signature,
    signal,
  }: SignInMessage & { readonly signature: `0x${string}`; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const node = gatesOf(client).find((gate) => gate.label === label);
  if (node === undefined) throw new ChartkeyError('INPUT_INVALID', 'There is no such gate.');
  const json = { message, signature };
  remember(
    client,
    node,
    await asking(node, () => askGate(client, node, { path: '/auth/sign-in', json, signal })),
  );
}

export type SignInParameters = Place & {
  readonly address: `0x${string}`;
  /** What the wallet does with a text: `personal_sign`. One prompt for each gate. */
  readonly signMessage: (message: string) => Promise<`0x${string}`>;
};

/**
 * Signs in at every gate of the client by ERC-4361. Without gates nothing happens and nothing is
 * signed.
 *
 * @returns as {@link signedInUntil}
 * @throws StorageError `STORAGE_NOT_ADMITTED`, `STORAGE_UNREACHABLE`
 */
export async function signInWithWallet(
  client: StorageClient,
  { signMessage, ...parameters }: SignInParameters,
): Promise<number | undefined> {
  // One after the other: wallets show one prompt at a time.
  for (const each of await signInMessages(client, parameters)) {
    const signature = await signMessage(each.message);
    await handInSignature(client, { ...each, signature, signal: parameters.signal });
  }
  return signedInUntil(client);
}

/**
 * Signs in by a patient's own key, without a wallet: the gate seals a challenge to the key that the
 * chain names, and this opens it. `keyPair` is the newest of the ring.
 *
 * @returns false if a gate knows no key of this patient: then the wallet has to sign
 * @throws StorageError `STORAGE_NOT_ADMITTED`, `STORAGE_UNREACHABLE`; IntegrityError `SEAL_BROKEN`
 *   for another key than the chain names
 */
export async function signInWithKey(
  client: StorageClient,
  { patient, keyPair, ...place }: Place & { readonly patient: `0x${string}`; readonly keyPair: KeyPair },
): Promise<boolean> {
  const origin = originOf(place);
  for (const node of gatesOf(client)) {
    const given = await asking(node, () => challengeAt(client, node, patient, place.signal));
    if (given === undefined) return false;
    const { nonce, sealed } = given;
    const answer = await answerChallenge(keyPair, sealed, { origin, chainId: place.chainId, nonce });
    const json = { nonce, answer: toBase64Url(answer) };
    remember(
      client,
      node,
      await asking(node, () => askGate(client, node, { path: '/auth/answer', json, ...only(place) })),
    );
  }
  return true;
}

async function challengeAt(
  client: StorageClient,
  node: NodeHandle,
  patient: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly nonce: string; readonly sealed: Uint8Array } | undefined> {
  try {
    const answer = await askGate(client, node, { path: '/auth/challenge', json: { patient }, signal });
    const sealed = fromBase64Url(String(answer['sealed']));
    if (sealed === undefined) throw new RequestFailure('refused');
    return { nonce: String(answer['nonce']), sealed };
  } catch (error) {
    if (error instanceof RequestFailure && error.fault === 'not-found') return undefined;
    throw error;
  }
}

/** Ends the sessions at the gates, as far as they can be reached, and forgets the tokens. */
export async function signOut(client: StorageClient): Promise<void> {
  for (const node of gatesOf(client)) {
    if (!client.gates.has(node)) continue;
    await askGate(client, node, { path: '/auth/sign-out', signal: undefined }).catch(() => undefined);
  }
  client.gates.clear();
}

/** An upload that was cut goes on with the new token: the gate knows it by who opened it. */
function remember(client: StorageClient, node: NodeHandle, answer: Record<string, unknown>): void {
  const { token, expiresAt } = answer;
  const upload = client.gates.get(node)?.upload;
  client.gates.set(node, { token: String(token), expiresAt: Number(expiresAt), upload });
}

async function asking<T>(node: NodeHandle, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    throw storageError([{ node: node.label, fault: error.fault }], 'The sign-in did not succeed');
  }
}

function gatesOf(client: StorageClient): NodeHandle[] {
  return client.nodes.filter(({ gate }) => gate !== undefined);
}

function originOf({ origin = globalThis.location?.origin }: Place): string {
  if (origin !== undefined) return origin;
  throw new ChartkeyError('INPUT_INVALID', 'Outside a page an origin is needed.');
}

function only({ signal }: Place): { readonly signal: AbortSignal | undefined } {
  return { signal };
}
