import { argon2Sync, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { decodeRecoveryCode, type Unlocker } from './index.ts';

/**
 * The seeds in a key block, as hex: docs/format.md, section 11, read a second time and with
 * node:crypto; slow, plain, and without a line of ours but the code's base32.
 */
export function seedsIn(block: Buffer, unlocker: Unlocker): string[] {
  let at = 1216 + 8 + 1;
  const wraps = block[at++] ?? 0;
  let ringKey: Buffer | undefined;
  for (let i = 0; i < wraps; i++) {
    const kind = block[at] === 1 ? 'code' : 'passkey';
    const head = block.subarray(at, at + (kind === 'code' ? 40 : 33));
    const sealed = block.subarray(at + head.length, at + head.length + 60);
    at += head.length + 60;
    if (kind !== unlocker.kind) continue;
    const aad = Buffer.concat([Buffer.from('chartkey/1 wrap\0'), head]);
    ringKey = open(wrappingKey(unlocker, head), sealed, aad);
  }
  if (!ringKey) throw new Error('Nothing in it is for this way of unlocking.');
  const digest = createHash('sha256').update(block.subarray(0, at)).digest();
  const ring = open(ringKey, block.subarray(at), Buffer.concat([Buffer.from('chartkey/1 ring\0'), digest]));
  return Array.from({ length: ring[1] ?? 0 }, (_, i) =>
    ring.subarray(2 + 32 * i, 34 + 32 * i).toString('hex'),
  );
}

function wrappingKey(unlocker: Unlocker, head: Buffer): Buffer {
  if (unlocker.kind === 'passkey') {
    const info = 'chartkey/1 passkey wrap';
    return Buffer.from(hkdfSync('sha256', unlocker.prf, head.subarray(1), info, 32));
  }
  return argon2Sync('argon2id', {
    message: decodeRecoveryCode(unlocker.code),
    nonce: head.subarray(8),
    memory: head.readUInt32BE(1),
    passes: head.readUInt16BE(5),
    parallelism: head[7] ?? 0,
    tagLength: 32,
  });
}

function open(key: Buffer, sealed: Buffer, aad: Buffer): Buffer {
  const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(aad);
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(12, -16)), cipher.final()]);
}
