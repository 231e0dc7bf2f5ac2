import {
  AEAD_AES_128_GCM,
  AEAD_AES_256_GCM,
  AEAD_ChaCha20Poly1305,
  AEAD_EXPORT_ONLY,
  type AEADFactory,
  CipherSuite,
  KDF_HKDF_SHA256,
  KDF_HKDF_SHA384,
  KDF_HKDF_SHA512,
  KDF_SHAKE128,
  KDF_SHAKE256,
  type KDFFactory,
  KEM_DHKEM_X25519_HKDF_SHA256,
  KEM_MLKEM768_X25519,
  type KEMFactory,
} from 'hpke';
import { fallbackKem } from '../../sdk/src/envelope/fallback-kem.ts';
import { hpkeOpen, hpkeSeal, keyPairFromSeed } from '../../sdk/src/envelope/hpke.ts';
import { secureEntropy } from '../../sdk/src/envelope/random.ts';
import { assertSame, attempt, hex, isObject, type JsonRunner, type Outcome, skipped } from './outcome.ts';

/* RFC 9180's vectors and hpke-pq's, which have the same shape. */

type Vector = {
  mode: number;
  kem_id: number;
  kdf_id: number;
  aead_id: number;
  info: string;
  ikmE: string;
  skRm: string;
  pkRm: string;
  enc: string;
  encryptions: { aad: string; ct: string; pt: string }[];
  exports: { exporter_context: string; L: number; exported_value: string }[];
};

const XWING = 0x647a;
const KEMS: Record<number, [string, KEMFactory][]> = {
  32: [['WebCrypto', KEM_DHKEM_X25519_HKDF_SHA256 as unknown as KEMFactory]],
  [XWING]: [
    ['WebCrypto', KEM_MLKEM768_X25519],
    ['fallback', (() => fallbackKem(secureEntropy.bytes)) as unknown as KEMFactory],
  ],
};
const KDFS: Record<number, KDFFactory> = {
  1: KDF_HKDF_SHA256,
  2: KDF_HKDF_SHA384,
  3: KDF_HKDF_SHA512,
  16: KDF_SHAKE128,
  17: KDF_SHAKE256,
};
const AEADS: Record<number, AEADFactory> = {
  1: AEAD_AES_128_GCM,
  2: AEAD_AES_256_GCM,
  3: AEAD_ChaCha20Poly1305,
  65535: AEAD_EXPORT_ONLY,
};

export const runHpke: JsonRunner = (json) => {
  if (!Array.isArray(json) || !json.every((v) => isObject(v) && 'kem_id' in v && 'pkRm' in v))
    return undefined;
  return Promise.all((json as Vector[]).map(runVector)).then((outcomes) => outcomes.flat());
};

async function runVector(v: Vector): Promise<Outcome[]> {
  const kems = KEMS[v.kem_id];
  const kdf = KDFS[v.kdf_id];
  const aead = AEADS[v.aead_id];
  if (v.mode !== 0) return [skipped(`HPKE mode ${v.mode}: the format uses base mode only`)];
  if (!kems) return [skipped(`KEM 0x${v.kem_id.toString(16)}: not part of the format`)];
  if (!kdf || !aead) return [skipped(`KDF ${v.kdf_id} or AEAD ${v.aead_id}: not known here`)];
  const outcomes: Outcome[] = [];
  for (const [name, kem] of kems) {
    outcomes.push(...(await openAll(v, name, new CipherSuite(kem, kdf, aead))));
  }
  if (v.kem_id === XWING) outcomes.push(...(await runXWing(v)));
  return outcomes;
}

/** Receiver's side: the encryptions in their order, then the exports. */
async function openAll(v: Vector, kem: string, suite: CipherSuite): Promise<Outcome[]> {
  const id = `${kem} KEM ${v.kem_id}, KDF ${v.kdf_id}, AEAD ${v.aead_id}`;
  const privateKey = await suite.DeserializePrivateKey(hex(v.skRm), false);
  const receiver = await suite.SetupRecipient(privateKey, hex(v.enc), { info: hex(v.info) });
  const outcomes: Outcome[] = [];
  for (const [i, { aad, ct, pt }] of v.encryptions.entries()) {
    outcomes.push(
      await attempt(`${id}, encryption ${i}`, async () => {
        assertSame(await receiver.Open(hex(ct), hex(aad)), hex(pt), 'plaintext');
      }),
    );
  }
  for (const [i, { exporter_context, L, exported_value }] of v.exports.entries()) {
    outcomes.push(
      await attempt(`${id}, export ${i}`, async () => {
        assertSame(await receiver.Export(hex(exporter_context), L), hex(exported_value), 'export');
      }),
    );
  }
  return outcomes;
}

/** Sender's side with the vector's coins, and our own functions with the vector's key. */
function runXWing(v: Vector): Promise<Outcome[]> {
  const entropy = { ...secureEntropy, bytes: () => hex(v.ikmE), deterministic: true };
  return Promise.all([
    attempt('X-Wing key pair from seed', async () => {
      assertSame((await keyPairFromSeed(hex(v.skRm))).publicKey, hex(v.pkRm), 'public key');
    }),
    attempt('X-Wing encapsulation', async () => {
      const { enc } = await hpkeSeal(hex(v.pkRm), new Uint8Array(), noContext, entropy);
      assertSame(enc, hex(v.enc), 'encapsulation');
    }),
    attempt('X-Wing seal and open to this key', async () => {
      const sealed = await hpkeSeal(hex(v.pkRm), hex(v.skRm), noContext);
      const keyPair = await keyPairFromSeed(hex(v.skRm));
      assertSame(await hpkeOpen(keyPair, sealed.enc, sealed.ciphertext, noContext), hex(v.skRm), 'plaintext');
    }),
  ]);
}

const noContext = { info: new Uint8Array(), aad: new Uint8Array() };
