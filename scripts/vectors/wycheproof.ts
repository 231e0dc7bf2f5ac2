import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { hkdfExpandSha384, hmacSha256 } from '../../sdk/src/envelope/hash.ts';
import { assertSame, attempt, hex, isObject, type JsonRunner, type Outcome, skipped } from './outcome.ts';

/* C2SP/wycheproof, testvectors_v1: the primitives that the format stands on. */

type Test = { readonly tcId: number; readonly result: 'valid' | 'invalid' | 'acceptable' } & Record<
  string,
  unknown
>;
type Group = { readonly type: string; readonly tests: readonly Test[] } & Record<string, unknown>;
/** What an implementation made of a test: bytes to compare, or undefined for a refusal. */
type Check = { readonly expected: string; readonly compute: () => Promise<Uint8Array> | Uint8Array };

const { subtle } = globalThis.crypto;
const HASHES = { 'SHA-1': sha1, 'SHA-256': sha256, 'SHA-384': sha384, 'SHA-512': sha512 };
const ML_KEMS = { 'ML-KEM-512': ml_kem512, 'ML-KEM-768': ml_kem768, 'ML-KEM-1024': ml_kem1024 };

export const runWycheproof: JsonRunner = (json) => {
  if (!isObject(json) || typeof json.algorithm !== 'string' || !Array.isArray(json.testGroups))
    return undefined;
  const { algorithm } = json;
  return Promise.all((json.testGroups as Group[]).map((group) => runGroup(algorithm, group))).then((all) =>
    all.flat(),
  );
};

function runGroup(algorithm: string, group: Group): Promise<Outcome[]> {
  return Promise.all(
    group.tests.map(async (test) => {
      const check = checkOf(algorithm, group, test);
      if (typeof check === 'string') return skipped(check);
      return attempt(`${algorithm} ${group.type} tcId ${test.tcId}`, () => compare(test, check));
    }),
  );
}

async function compare(test: Test, { expected, compute }: Check): Promise<void> {
  let actual: Uint8Array;
  try {
    actual = await compute();
  } catch (error) {
    if (test.result === 'valid') throw error;
    return;
  }
  if (test.result === 'invalid' && (expected === '' || Buffer.compare(actual, hex(expected)) === 0)) {
    throw new Error('what is invalid was accepted');
  }
  if (test.result !== 'invalid') assertSame(actual, hex(expected), 'result');
}

/** How to compute a test, or why it is left out. */
function checkOf(algorithm: string, group: Group, test: Test): Check | string {
  if (algorithm === 'AES-GCM') return aesGcm(group, test);
  if (algorithm.startsWith('HKDF-')) return hkdfCheck(algorithm.slice(5), test);
  if (algorithm.startsWith('HMAC')) return hmacCheck(algorithm.slice(4), group, test);
  if (algorithm === 'XDH') return x25519(group, test);
  if (algorithm === 'ML-KEM') return mlKem(group, test);
  return `${algorithm}: not part of the format`;
}

function aesGcm(group: Group, test: Test): Check | string {
  if (group.ivSize !== 96) return 'AES-GCM with a nonce other than 96 bits: never used';
  const params = {
    name: 'AES-GCM',
    iv: bytes(test, 'iv'),
    additionalData: bytes(test, 'aad'),
    tagLength: 128,
  };
  return {
    expected: text(test, 'msg'),
    compute: async () => {
      const key = await subtle.importKey('raw', bytes(test, 'key'), 'AES-GCM', false, ['decrypt', 'encrypt']);
      const sealed = hex(text(test, 'ct') + text(test, 'tag'));
      const opened = new Uint8Array(await subtle.decrypt(params, key, sealed));
      assertSame(new Uint8Array(await subtle.encrypt(params, key, opened)), sealed, 'ciphertext');
      return opened;
    },
  };
}

function hkdfCheck(name: string, test: Test): Check | string {
  const hash = HASHES[name as keyof typeof HASHES];
  if (!hash) return `HKDF-${name}: not part of the format`;
  const size = Number(test.size);
  return {
    expected: text(test, 'okm'),
    compute: () => {
      const [ikm, salt, info] = [bytes(test, 'ikm'), bytes(test, 'salt'), bytes(test, 'info')];
      const okm = hkdf(hash, ikm, salt, info, size);
      if (name === 'SHA-384' && size <= 48) {
        assertSame(hkdfExpandSha384(hmac(sha384, salt, ikm), info, size), okm, 'our own expansion');
      }
      return okm;
    },
  };
}

function hmacCheck(name: string, group: Group, test: Test): Check | string {
  const hash = HASHES[name.replace('SHA', 'SHA-') as keyof typeof HASHES];
  if (!hash) return `HMAC-${name}: not part of the format`;
  return {
    expected: text(test, 'tag'),
    compute: () => {
      const [key, message] = [bytes(test, 'key'), bytes(test, 'msg')];
      const mac = name === 'SHA256' ? hmacSha256(key, message) : hmac(hash, key, message);
      return mac.subarray(0, Number(group.tagSize) / 8);
    },
  };
}

function x25519(group: Group, test: Test): Check | string {
  if (group.type !== 'XdhComp') return `X25519 keys as ${group.type}: the format carries raw keys`;
  if (group.curve !== 'curve25519') return `${String(group.curve)}: not part of the format`;
  const pkcs8 = hex(`302e020100300506032b656e04220420${text(test, 'private')}`);
  return {
    expected: text(test, 'shared'),
    compute: async () => {
      const own = await subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']);
      const theirs = await subtle.importKey('raw', bytes(test, 'public'), 'X25519', false, []);
      return new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: theirs }, own, 256));
    },
  };
}

function mlKem(group: Group, test: Test): Check | string {
  const kem = ML_KEMS[group.parameterSet as keyof typeof ML_KEMS];
  if (!kem) return `${String(group.parameterSet)}: not part of the format`;
  switch (group.type) {
    case 'MLKEMKeyGen':
      return { expected: text(test, 'ek'), compute: () => kem.keygen(bytes(test, 'seed')).publicKey };
    case 'MLKEMEncapsTest':
      return {
        expected: text(test, 'K'),
        compute: () => {
          const { cipherText, sharedSecret } = kem.encapsulate(bytes(test, 'ek'), bytes(test, 'm'));
          assertSame(cipherText, bytes(test, 'c'), 'ciphertext');
          return sharedSecret;
        },
      };
    case 'MLKEMTest':
      return {
        expected: text(test, 'K'),
        compute: () => {
          const { publicKey, secretKey } = kem.keygen(bytes(test, 'seed'));
          if (test.ek !== undefined) assertSame(publicKey, bytes(test, 'ek'), 'public key');
          return kem.decapsulate(bytes(test, 'c'), secretKey);
        },
      };
    case 'MLKEMDecapsValidationTest':
      return {
        expected: text(test, 'K'),
        compute: () => kem.decapsulate(bytes(test, 'c'), bytes(test, 'dk')),
      };
    default:
      return `${group.type}: not known here`;
  }
}

function text(test: Test, field: string): string {
  const value = test[field];
  return typeof value === 'string' ? value : '';
}

function bytes(test: Test, field: string): Uint8Array<ArrayBuffer> {
  return hex(text(test, field));
}
