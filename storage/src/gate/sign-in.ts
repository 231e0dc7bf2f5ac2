import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { answerTo, EnvelopeError, parseKeyBlock, sealChallenge } from '@chartkey/sdk';
import { Hono } from 'hono';
import { type Address, type Hex, hexToBytes, isHex } from 'viem';
import { generateSiweNonce, parseSiweMessage, validateSiweMessage } from 'viem/siwe';
import { z } from 'zod';
import { cidOf, RAW } from '../cid.ts';
import { invalid, NodeError } from '../errors.ts';
import type { Gate } from './gate.ts';
import { PatientId, readJson } from './requests.ts';

const SignIn = z.strictObject({
  message: z.string().max(2_048),
  signature: z.custom<Hex>((value) => isHex(value) && value.length <= 8_192),
});
const Challenge = z.strictObject({ patient: PatientId });
const Answer = z.strictObject({
  nonce: z.string().min(8).max(128),
  answer: z.string().regex(/^[\w-]{43}$/),
});

/**
 * Two proofs of who somebody is. ERC-4361: a nonce of ours, used once; a message for our origin and
 * chain; a signature of the account. Or a challenge, sealed to the key that the chain names for a
 * patient: who opens it has the key, and no wallet is asked. Either way the registry is asked too.
 * What is given is a random token of which the ledger keeps the hash: whoever reads the ledger
 * can't sign in with it.
 */
export function signInRoutes(gate: Gate): Hono {
  const app = new Hono();
  app.post('/nonce', async (c) => {
    const nonce = generateSiweNonce();
    const expiresAt = Date.now() + gate.config.nonceMs;
    await gate.ledger.addNonce(nonce, expiresAt);
    return c.json({ nonce, origin: gate.config.origin, chainId: gate.registry.chainId, expiresAt });
  });
  app.post('/sign-in', async (c) => {
    const { message, signature } = await readJson(c, SignIn);
    return c.json(await openSession(gate, await whoSigned(gate, message, signature)));
  });
  app.post('/challenge', async (c) => c.json(await challenge(gate, (await readJson(c, Challenge)).patient)));
  app.post('/answer', async (c) => {
    const { nonce, answer } = await readJson(c, Answer);
    return c.json(await openSession(gate, await whoAnswered(gate, nonce, answer)));
  });
  app.post('/sign-out', async (c) => {
    await gate.ledger.endSession(hashOf(bearerOf(c.req.header('Authorization'))));
    return c.body(null, 204);
  });
  return app;
}

async function openSession(gate: Gate, participant: string) {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = Date.now() + gate.config.sessionMs;
  await gate.ledger.addSession(hashOf(token), participant, expiresAt);
  return { token, expiresAt };
}

async function whoSigned(gate: Gate, message: string, signature: Hex): Promise<string> {
  const { config, ledger, registry } = gate;
  const parsed = parseSiweMessage(message);
  const { address, nonce, uri, chainId } = parsed;
  if (address === undefined || nonce === undefined) throw invalid('not an ERC-4361 message');
  const domain = new URL(config.origin).host;
  // Before anything else, so that a message with a mistake can't be tried again either.
  if (!(await ledger.useNonce(nonce, Date.now()))) {
    throw refused('the nonce was used, has expired, or is not ours');
  }
  if (!validateSiweMessage({ message: parsed, domain, nonce })) {
    throw refused('the message is for another site or has expired');
  }
  if (uri === undefined || !URL.canParse(uri) || new URL(uri).origin !== config.origin) {
    throw refused('the message is for another site');
  }
  if (chainId !== registry.chainId) throw refused('the message is for another chain');
  if (!(await registry.isSignedBy(message, signature))) throw refused('the signature is not of that account');
  return registry.participantOf(address);
}

/** A patient without a key here, and one that is none, look alike: sign in by the wallet then. */
async function challenge(gate: Gate, patient: Address) {
  const { config, ledger, registry } = gate;
  const publicKey = await publicKeyOf(gate, patient);
  if (publicKey === undefined) throw new NodeError('not-found', 'there is no key to prove this by');
  const nonce = generateSiweNonce();
  const secret = randomBytes(32);
  const { origin } = config;
  const { chainId } = registry;
  const sealed = await sealChallenge(publicKey, secret, { origin, chainId, nonce });
  const expiresAt = Date.now() + config.nonceMs;
  const answerHash = hashOf(Buffer.from(answerTo(secret)));
  await ledger.addNonce(nonce, expiresAt, { patient: patient.toLowerCase(), answerHash });
  return { nonce, sealed: Buffer.from(sealed).toString('base64url'), expiresAt };
}

async function publicKeyOf({ registry, nodes }: Gate, patient: Address): Promise<Uint8Array | undefined> {
  const hash = await registry.keyHashOf(patient);
  if (hash === undefined) return undefined;
  try {
    return parseKeyBlock(await nodes.read(cidOf(RAW, hexToBytes(hash)))).publicKey;
  } catch (error) {
    if (error instanceof EnvelopeError) return undefined;
    if (error instanceof NodeError && error.fault === 'not-found') return undefined;
    throw error;
  }
}

async function whoAnswered({ ledger, registry }: Gate, nonce: string, answer: string): Promise<string> {
  const given = await ledger.useChallenge(nonce, Date.now());
  if (given === undefined) throw refused('the challenge was answered, has expired, or is not ours');
  const right = Buffer.from(given.answerHash);
  const said = Buffer.from(hashOf(Buffer.from(answer, 'base64url')));
  if (said.length !== right.length || !timingSafeEqual(said, right)) throw refused('the answer is wrong');
  await registry.requireParticipant(given.patient);
  return given.patient;
}

/** The participant of a request. @throws NodeError `unauthenticated` */
export async function participantOf(gate: Gate, authorization: string | undefined): Promise<string> {
  const participant = await gate.ledger.participantOf(hashOf(bearerOf(authorization)), Date.now());
  if (participant === undefined) throw refused('sign in first: the session is not there or has expired');
  return participant;
}

function bearerOf(authorization: string | undefined): string {
  return /^Bearer ([\w-]{43})$/.exec(authorization ?? '')?.[1] ?? '';
}

function hashOf(secret: string | Uint8Array): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function refused(message: string): NodeError {
  return new NodeError('unauthenticated', message);
}
