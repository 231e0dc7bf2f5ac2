'use client';

import { ChartkeyError, PASSKEY_PRF_INPUT } from '@chartkey/sdk';

const TIMEOUT_MS = 120_000;

/** Whether this browser knows passkeys at all. Whether one can hold a key shows when it is made. */
export function knowsPasskeys(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && 'credentials' in navigator;
}

/**
 * Makes a passkey and returns the 32 bytes that it alone can give again (WebAuthn Level 3,
 * extension `prf`); undefined if it can't. The caller wipes them.
 *
 * @throws ChartkeyError `CANCELLED`
 */
export async function createPasskey(userName: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: random(),
        rp: { name: 'Chartkey', id: location.hostname },
        // Random, not the patient's address: a new passkey must not replace one that is in use.
        user: { id: random(), name: userName, displayName: userName },
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -8 },
          { type: 'public-key', alg: -257 },
        ],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: PASSKEY_PRF_INPUT } } },
      },
    }),
  );
  const { prf } = made.getClientExtensionResults();
  if (prf?.results) return bytesOf(prf.results.first);
  if (!prf?.enabled) return undefined;
  // Some give it only when asked the second time.
  return askPasskey([{ type: 'public-key', id: made.rawId }]);
}

/**
 * Asks for a passkey of this site.
 *
 * @returns the 32 bytes; undefined if the chosen one can't give them.
 * @throws ChartkeyError `CANCELLED`
 */
export async function askPasskey(
  allowCredentials: PublicKeyCredentialDescriptor[] = [],
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const got = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(),
        rpId: location.hostname,
        allowCredentials,
        userVerification: 'required',
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: PASSKEY_PRF_INPUT } } },
      },
    }),
  );
  const results = got.getClientExtensionResults().prf?.results;
  return results && bytesOf(results.first);
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const cancelled = { retryable: true, advice: 'Nothing was changed.' };
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (error) {
    // The specification gives no other reason, so that a page learns nothing of who has a passkey.
    if (!(error instanceof DOMException)) throw error;
  }
  throw new ChartkeyError('CANCELLED', 'No passkey was used.', cancelled);
}

function bytesOf(source: BufferSource): Uint8Array<ArrayBuffer> {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  return Uint8Array.from(bytes);
}

function random(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(32));
}
