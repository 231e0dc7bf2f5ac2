import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from 'age-encryption';
import sodium from 'libsodium-wrappers';
import { openBody, sealBody } from '../../../sdk/src/envelope/index.ts';
import { IN_FLIGHT } from '../../../sdk/src/envelope/pipeline.ts';
import { makeSample } from '../../../sdk/src/envelope/testing.ts';
import { drain, type Work } from './work.ts';

/*
 * Bulk data in memory. `raw` is WebCrypto's AES-256-GCM alone: segments as long as ours, as many in
 * flight, a random nonce each, no AAD; its results are dropped, and no order is kept.
 */

const SEGMENT = 262_112;
const SEGMENTS = 512;
const TOTAL = SEGMENT * SEGMENTS;
/** The slower ones get a quarter. */
const FEW = SEGMENTS / 4;

export async function memoryWorks(): Promise<Work[]> {
  return [...(await sealWorks()), ...(await openWorks()), ...(await sodiumWorks()), ...(await ageWorks())];
}

async function sealWorks(): Promise<Work[]> {
  const { contentKey, binding } = await makeSample();
  const piece = new Uint8Array(SEGMENT);
  const key = await rawKey();
  const iv = new Uint8Array(12);
  const encrypt = () =>
    globalThis.crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: globalThis.crypto.getRandomValues(iv) },
      key,
      piece,
    );
  const seal = () =>
    sealBody({ contentKey, binding, source: repeat(piece), length: TOTAL, reuseMemory: true }).ciphertext;
  const common = { unit: 'MB/s', amount: TOTAL } as const;
  return [
    { ...common, name: 'raw-encrypt', run: () => inFlight(encrypt) },
    { ...common, name: 'seal', run: () => drain(seal()), against: against('raw-encrypt', '') },
  ];
}

async function openWorks(): Promise<Work[]> {
  const { subtle } = globalThis.crypto;
  const key = await rawKey();
  const iv = new Uint8Array(12);
  const piece = new Uint8Array(SEGMENT);
  // As many as a body has: one that stays in the processor's cache would be read for nothing.
  const sealed = await Promise.all(
    Array.from({ length: SEGMENTS }, () => subtle.encrypt({ name: 'AES-GCM', iv }, key, piece)),
  );
  const decrypt = (i: number) => subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed[i] ?? piece);
  const { contentKey, envelope, body } = await makeSample({ content: new Uint8Array(TOTAL) });
  const readRange = async (offset: number, length: number) => body.subarray(offset, offset + length);
  const common = { unit: 'MB/s', amount: TOTAL } as const;
  return [
    { ...common, name: 'raw-decrypt', run: () => inFlight(decrypt) },
    {
      ...{ ...common, name: 'open' },
      run: () => drain(openBody({ envelope, contentKey, readRange })),
      against: against('raw-decrypt', ' open'),
    },
  ];
}

function against(raw: string, suffix: ' open' | '') {
  return [
    { name: raw, as: 'raw' },
    { name: `libsodium-secretstream${suffix}`, as: 'libsodium' },
    { name: `age${suffix}`, as: 'age' },
  ];
}

async function sodiumWorks(): Promise<Work[]> {
  await sodium.ready;
  const key = sodium.crypto_secretstream_xchacha20poly1305_keygen();
  const tag = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  const piece = new Uint8Array(SEGMENT);
  const push = () => {
    const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
    const seal = () => sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, null, tag);
    return { header, seal };
  };
  const { header, seal } = push();
  const sealed = Array.from({ length: FEW }, seal);
  const common = { unit: 'MB/s', amount: FEW * SEGMENT } as const;
  return [
    {
      ...{ ...common, name: 'libsodium-secretstream' },
      run: async () => {
        const stream = push();
        for (let i = 0; i < FEW; i++) stream.seal();
      },
    },
    {
      ...{ ...common, name: 'libsodium-secretstream open' },
      run: async () => {
        const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
        for (const one of sealed) sodium.crypto_secretstream_xchacha20poly1305_pull(state, one, null);
      },
    },
  ];
}

async function ageWorks(): Promise<Work[]> {
  const identity = await generateHybridIdentity();
  const sender = new Encrypter();
  sender.addRecipient(await identityToRecipient(identity));
  const reader = new Decrypter();
  reader.addIdentity(identity);
  const content = new Uint8Array(FEW * SEGMENT);
  const sealed = await sender.encrypt(content);
  const common = { unit: 'MB/s', amount: content.length } as const;
  return [
    { ...common, name: 'age', run: () => sender.encrypt(content) },
    { ...common, name: 'age open', run: () => reader.decrypt(sealed) },
  ];
}

function rawKey(): Promise<CryptoKey> {
  return globalThis.crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
}

async function inFlight(work: (index: number) => Promise<unknown>): Promise<void> {
  let left = SEGMENTS;
  const lane = async () => {
    while (left > 0) await work(--left);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

async function* repeat(piece: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let i = 0; i < SEGMENTS; i++) yield piece;
}
