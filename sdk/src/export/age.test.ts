import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  scryptSync,
} from 'node:crypto';
import {
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { openBody } from '../envelope/index.ts';
import { collect, flipped, makeSample, pattern, streamOf } from '../envelope/testing.ts';
import { exportAge, importAge } from './age.ts';

const CONTENT = pattern(200_000);

async function written(to: Parameters<typeof exportAge>[1], content: Uint8Array = CONTENT) {
  return collect(exportAge(streamOf(content.subarray(0, 70_000), content.subarray(70_000)), to));
}

/* age-encryption.org/v1, read once more with Node's OpenSSL: what opens here opens with the tool. */

type Stanza = { readonly args: readonly string[]; readonly body: Buffer };

function parts(file: Buffer): { readonly stanzas: Stanza[]; readonly payload: Buffer } {
  const end = file.indexOf('\n', file.indexOf('\n--- '));
  const at = file.indexOf('\n', file.indexOf('\n--- ') + 1);
  const lines = file.subarray(0, Math.max(end, at)).toString('latin1').split('\n');
  if (lines[0] !== 'age-encryption.org/v1') throw new Error('not an age file');
  const stanzas: { args: string[]; body: Buffer }[] = [];
  let text = '';
  for (const line of lines.slice(1)) {
    if (line.startsWith('-> ')) {
      text = '';
      stanzas.push({ args: line.slice(3).split(' '), body: Buffer.alloc(0) });
    } else if (!line.startsWith('---')) {
      text += line;
      const last = stanzas.at(-1);
      if (last) last.body = Buffer.from(text, 'base64');
    }
  }
  return { stanzas, payload: file.subarray(at + 1) };
}

function chacha(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Buffer {
  const cipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}

const derive = (ikm: Uint8Array, salt: Uint8Array, info: string) =>
  Buffer.from(hkdfSync('sha256', ikm, salt, info, 32));

function readPayload(fileKey: Buffer, payload: Buffer): Buffer {
  const key = derive(fileKey, payload.subarray(0, 16), 'payload');
  const pieces: Buffer[] = [];
  const rest = payload.subarray(16);
  for (let i = 0; i * 65_552 < rest.length; i++) {
    const nonce = Buffer.alloc(12);
    nonce.writeUInt32BE(i, 7);
    nonce[11] = (i + 1) * 65_552 >= rest.length ? 1 : 0;
    pieces.push(chacha(key, nonce, rest.subarray(i * 65_552, (i + 1) * 65_552)));
  }
  return Buffer.concat(pieces);
}

/** The 32 bytes in `AGE-SECRET-KEY-1…`, without looking at the checksum. */
function bech32Bytes(text: string): Buffer {
  const values = [...text.toLowerCase().slice(text.lastIndexOf('1') + 1, -6)].map((letter) =>
    'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.indexOf(letter),
  );
  const bits = values.map((value) => value.toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

describe('exportAge', () => {
  test('default: a record opens as age-encryption.org/v1 says, with other code', async () => {
    const { envelope, contentKey, body } = await makeSample({ content: CONTENT });
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    const content = openBody({ envelope, contentKey, ciphertext: streamOf(body) });
    const { stanzas, payload } = parts(
      Buffer.from(await collect(exportAge(content, { recipients: [recipient] }))),
    );
    const stanza = stanzas.find(({ args }) => args[0] === 'X25519');
    const share = Buffer.from(stanza?.args[1] ?? '', 'base64');
    const prefix = { key: '302e020100300506032b656e04220420', public: '302a300506032b656e032100' };
    const der = { format: 'der' } as const;
    const privateKey = createPrivateKey({
      ...{ ...der, type: 'pkcs8' },
      key: Buffer.concat([Buffer.from(prefix.key, 'hex'), bech32Bytes(identity)]),
    });
    const own = createPublicKey(privateKey)
      .export({ ...der, type: 'spki' })
      .subarray(-32);
    const publicKey = createPublicKey({
      ...{ ...der, type: 'spki' },
      key: Buffer.concat([Buffer.from(prefix.public, 'hex'), share]),
    });
    const secret = diffieHellman({ privateKey, publicKey });
    const wrap = derive(secret, Buffer.concat([share, own]), 'age-encryption.org/v1/X25519');
    const fileKey = chacha(wrap, Buffer.alloc(12), stanza?.body ?? Buffer.alloc(0));
    expect(readPayload(fileKey, payload).equals(CONTENT)).toBe(true);
  });

  test('default: a passphrase, as the tool reads it', async () => {
    const passphrase = 'correct horse battery staple';
    const { stanzas, payload } = parts(Buffer.from(await written({ passphrase })));
    const [kind, salt = '', logN = ''] = stanzas[0]?.args ?? [];
    expect([stanzas.length, kind]).toEqual([1, 'scrypt']);
    const label = Buffer.from('age-encryption.org/v1/scrypt');
    const key = scryptSync(passphrase, Buffer.concat([label, Buffer.from(salt, 'base64')]), 32, {
      ...{ N: 2 ** Number(logN), r: 8, p: 1, maxmem: 2 ** 30 },
    });
    const fileKey = chacha(key, Buffer.alloc(12), stanzas[0]?.body ?? Buffer.alloc(0));
    expect(readPayload(fileKey, payload).equals(CONTENT)).toBe(true);
  });

  test('error: a short passphrase, no recipient, or one that is none', async () => {
    for (const to of [{ passphrase: 'short' }, { recipients: [] }, { recipients: ['age1what'] }]) {
      await expect(written(to)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
  });

  test('error: content that fails ends the export', async () => {
    const failing = (async function* () {
      yield CONTENT;
      throw new Error('cut');
    })();
    const recipient = await identityToRecipient(await generateX25519Identity());
    await expect(collect(exportAge(failing, { recipients: [recipient] }))).rejects.toThrow('cut');
  });
});

describe('importAge', () => {
  test('behavior: what was exported comes back, for old and post-quantum keys and any length', async () => {
    for (const identity of [await generateX25519Identity(), await generateHybridIdentity()]) {
      const recipients = [await identityToRecipient(identity)];
      for (const length of [0, 1, 65_536, 200_000]) {
        const file = await written({ recipients }, CONTENT.subarray(0, length));
        const content = await collect(importAge(new Blob([file]).stream(), { identity: `${identity}\n` }));
        expect(Buffer.compare(content, CONTENT.subarray(0, length))).toBe(0);
      }
    }
  });

  test('behavior: a passphrase file of another program', async () => {
    const encrypter = new Encrypter();
    encrypter.setScryptWorkFactor(10);
    encrypter.setPassphrase('short');
    const file = await encrypter.encrypt(CONTENT);
    const content = await collect(importAge(streamOf(file), { passphrase: 'short' }));
    expect(Buffer.compare(content, CONTENT)).toBe(0);
  });

  test('error: another identity, no age file, an altered one, a cut one', async () => {
    const identity = await generateX25519Identity();
    const file = await written({ recipients: [await identityToRecipient(identity)] });
    const other = await generateX25519Identity();
    const cases: [Uint8Array, string, string][] = [
      [file, other, 'SEAL_BROKEN'],
      [CONTENT, identity, 'SEAL_BROKEN'],
      [new Uint8Array(), identity, 'SEAL_BROKEN'],
      [flipped(file, 60), identity, 'SEAL_BROKEN'],
      [flipped(file, file.length - 5), identity, 'BODY_SEGMENT_BROKEN'],
      [file.subarray(0, -1), identity, 'BODY_SEGMENT_BROKEN'],
      [file, 'AGE-SECRET-KEY-WHAT', 'INPUT_INVALID'],
    ];
    for (const [bytes, secret, code] of cases) {
      await expect(collect(importAge(streamOf(bytes), { identity: secret }))).rejects.toMatchObject({ code });
    }
  });
});
