import { describe, expect, test } from 'vitest';
import { generateOneTimeKeyPair, openHandover, openKeeperBlock, sealHandover } from './index.ts';
import { makeSample } from './testing.ts';

async function handedOver() {
  const { envelope, keepers } = await makeSample();
  const [leaving] = keepers;
  const share = leaving && (await openKeeperBlock(envelope, leaving));
  if (!share) throw new Error('not addressed to its keeper');
  const successor = await generateOneTimeKeyPair();
  const sealed = await sealHandover({ ...share, envelope, publicKey: successor.publicKey });
  return { envelope, share, successor, sealed };
}

describe('openHandover', () => {
  test('default', async () => {
    const { envelope, share, successor, sealed } = await handedOver();
    const opened = await openHandover({ envelope, index: share.index, keyPair: successor, sealed });
    expect(opened).toEqual(share);
  });

  test('error: for another envelope, place or successor, or changed', async () => {
    const { envelope, share, successor, sealed } = await handedOver();
    const good = { envelope, index: share.index, keyPair: successor, sealed };
    const { envelope: other } = await makeSample();
    for (const wrong of [
      { envelope: other },
      { index: 1 },
      { keyPair: await generateOneTimeKeyPair() },
      { sealed: Uint8Array.from(sealed, (byte, i) => (i === 1_150 ? byte ^ 1 : byte)) },
    ]) {
      await expect(openHandover({ ...good, ...wrong })).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    }
    await expect(openHandover({ ...good, index: 9 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('sealHandover', () => {
  test('error: a share that is not the envelope’s', async () => {
    const { envelope, share, successor } = await handedOver();
    const wrong = { ...share, share: new Uint8Array(32), envelope, publicKey: successor.publicKey };
    await expect(sealHandover(wrong)).rejects.toMatchObject({ code: 'SHARE_WRONG' });
  });
});
