import { hexToBytes } from 'viem';
import { describe, expect, test } from 'vitest';
import { bodyCid, envelopeCid, fileDigest, LEAF_BYTES, recordIdFrom } from '../index.ts';

const id = '0x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
const address = envelopeCid(hexToBytes(id)).toString();

describe('recordIdFrom', () => {
  test.each([id, id.slice(2), id.toUpperCase().replace('0X', '0x'), `  ${id}\n`, address])(
    'default: %j',
    (text) => {
      expect(recordIdFrom(text)).toBe(id);
    },
  );

  test.each([`ipfs://${address}`, `/ipfs/${address}`])('behavior: an IPFS address, %s', (text) => {
    expect(recordIdFrom(text)).toBe(id);
  });

  test.each([
    ['nothing', ''],
    ['a digit too few', id.slice(0, -1)],
    ['a digit too many', `${id}0`],
    ['a letter that is no digit', `${id.slice(0, -1)}g`],
    ['an account', '0x00112233445566778899aabbccddeeff00112233'],
    ['an address of a body, not of an envelope', bodyCid(hexToBytes(id), LEAF_BYTES + 1).toString()],
    ['CIDv0', 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'],
    ['a changed address', `${address.slice(0, -1)}!`],
    ['a path behind it', `/ipfs/${address}/a`],
  ])('error: %s', (_, text) => {
    expect(recordIdFrom(text)).toBeUndefined();
  });
});

describe('fileDigest', () => {
  // FIPS 180-2, appendix B.1, and the digest of nothing.
  test.each([
    ['abc', '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['', '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ])('default: %j', async (text, digest) => {
    expect(await fileDigest(new Blob([text]))).toBe(digest);
  });
});
