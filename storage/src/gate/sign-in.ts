import { createHash, randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { type Hex, isHex } from 'viem';
import { generateSiweNonce, parseSiweMessage, validateSiweMessage } from 'viem/siwe';
import { z } from 'zod';
import { invalid, NodeError } from '../errors.ts';
import type { Gate } from './gate.ts';
import { readJson } from './requests.ts';

const SignIn = z.strictObject({
  message: z.string().max(2_048),
  signature: z.custom<Hex>((value) => isHex(value) && value.length <= 8_192),
});

/**
 * ERC-4361. A nonce of ours, used once; a message for our origin and chain; a signature of the
 * account; and the registry knows it. What is given is a random token of which the ledger keeps
 * the hash: whoever reads the ledger can't sign in with it.
 */
export function signInRoutes(gate: Gate): Hono {
  const app = new Hono();
  app.post('/nonce', (c) => {
    const nonce = generateSiweNonce();
    const expiresAt = Date.now() + gate.config.nonceMs;
    gate.ledger.addNonce(nonce, expiresAt);
    return c.json({ nonce, origin: gate.config.origin, chainId: gate.registry.chainId, expiresAt });
  });
  app.post('/sign-in', async (c) => {
    const { message, signature } = await readJson(c, SignIn);
    const participant = await whoSigned(gate, message, signature);
    const token = randomBytes(32).toString('base64url');
    const expiresAt = Date.now() + gate.config.sessionMs;
    gate.ledger.addSession(hashOf(token), participant, expiresAt);
    return c.json({ token, expiresAt });
  });
  app.post('/sign-out', (c) => {
    gate.ledger.endSession(hashOf(bearerOf(c.req.header('Authorization'))));
    return c.body(null, 204);
  });
  return app;
}

async function whoSigned(gate: Gate, message: string, signature: Hex): Promise<string> {
  const { config, ledger, registry } = gate;
  const parsed = parseSiweMessage(message);
  const { address, nonce, uri, chainId } = parsed;
  if (address === undefined || nonce === undefined) throw invalid('not an ERC-4361 message');
  const domain = new URL(config.origin).host;
  // Before anything else, so that a message with a mistake can't be tried again either.
  if (!ledger.useNonce(nonce, Date.now())) throw refused('the nonce was used, has expired, or is not ours');
  if (!validateSiweMessage({ message: parsed, domain, nonce })) {
    throw refused('the message is for another site or has expired');
  }
  if (uri === undefined || !URL.canParse(uri) || new URL(uri).origin !== config.origin) {
    throw refused('the message is for another site');
  }
  if (chainId !== registry.chainId) throw refused('the message is for another chain');
  if (!(await registry.isSignedBy(message, signature))) throw refused('the signature is not of that account');
  if (!(await registry.mayUpload(address))) throw notAdmitted();
  return address.toLowerCase();
}

/** The participant of a request. @throws NodeError `unauthenticated` */
export function participantOf(gate: Gate, authorization: string | undefined): string {
  const participant = gate.ledger.participantOf(hashOf(bearerOf(authorization)), Date.now());
  if (participant === undefined) throw refused('sign in first: the session is not there or has expired');
  return participant;
}

export function notAdmitted(): NodeError {
  return new NodeError('forbidden', 'only registered patients and verified providers may upload');
}

function bearerOf(authorization: string | undefined): string {
  return /^Bearer ([\w-]{43})$/.exec(authorization ?? '')?.[1] ?? '';
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function refused(message: string): NodeError {
  return new NodeError('unauthenticated', message);
}
