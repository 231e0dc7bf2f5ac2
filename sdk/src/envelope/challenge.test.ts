import { describe, expect, test } from 'vitest';
import {
  answerChallenge,
  answerTo,
  type ChallengePlace,
  generateOneTimeKeyPair,
  openPatientBlock,
  sealChallenge,
} from './index.ts';
import { makeSample } from './testing.ts';

const PLACE: ChallengePlace = { origin: 'https://chartkey.example', chainId: 31337, nonce: 'abcdefgh' };
const SECRET = new Uint8Array(32).fill(7);

async function sealed() {
  const keyPair = await generateOneTimeKeyPair();
  return { keyPair, challenge: await sealChallenge(keyPair.publicKey, SECRET, PLACE) };
}

describe('answerChallenge', () => {
  test('default: the answer shows the key, and tells nothing of what was sealed', async () => {
    const { keyPair, challenge } = await sealed();
    expect(challenge).toHaveLength(1_168);
    const answer = await answerChallenge(keyPair, challenge, PLACE);
    expect(answer).toEqual(answerTo(SECRET));
    expect(answer).not.toEqual(SECRET);
  });

  test.each<[string, Partial<ChallengePlace>]>([
    ['origin', { origin: 'https://evil.example' }],
    ['chain', { chainId: 1 }],
    ['nonce', { nonce: 'abcdefgi' }],
    ['place, cut elsewhere', { origin: 'https://chartkey.examplea', nonce: 'bcdefgh' }],
  ])('error: for another %s', async (_name, other) => {
    const { keyPair, challenge } = await sealed();
    await expect(answerChallenge(keyPair, challenge, { ...PLACE, ...other })).rejects.toMatchObject({
      code: 'SEAL_BROKEN',
    });
  });

  test('error: another key, a changed byte, another length', async () => {
    const { keyPair, challenge } = await sealed();
    const other = await generateOneTimeKeyPair();
    await expect(answerChallenge(other, challenge, PLACE)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    const changed = Uint8Array.from(challenge, (byte, i) => (i === 1_130 ? byte ^ 1 : byte));
    await expect(answerChallenge(keyPair, changed, PLACE)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    await expect(answerChallenge(keyPair, challenge.subarray(1), PLACE)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  test('error: the seal of a record’s content key, called a challenge', async () => {
    const { envelope, patient } = await makeSample();
    if (!envelope.patientBlock || !patient) throw new Error('The sample has no patient block.');
    // The same key opens it as what it is.
    expect(await openPatientBlock(envelope, patient)).toHaveLength(32);
    const { enc, ciphertext } = envelope.patientBlock;
    const block = new Uint8Array([...enc, ...ciphertext]);
    await expect(answerChallenge(patient, block, PLACE)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });
});

describe('sealChallenge', () => {
  test('error: a key or a secret that is none', async () => {
    const { publicKey } = await generateOneTimeKeyPair();
    const none = { code: 'INPUT_INVALID' };
    await expect(sealChallenge(publicKey.subarray(1), SECRET, PLACE)).rejects.toMatchObject(none);
    await expect(sealChallenge(publicKey, SECRET.subarray(1), PLACE)).rejects.toMatchObject(none);
  });
});
