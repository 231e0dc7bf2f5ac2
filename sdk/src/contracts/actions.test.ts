import { encodeFunctionData, getAddress, type Hex, zeroHash } from 'viem';
import { describe, expect, test } from 'vitest';
import { timeInWords } from './action-words.ts';
import { actionOf, actionTypedData } from './actions.ts';
import type { Deployment } from './deployment.ts';
import { accessLogAbi, consentRegistryAbi, participantRegistryAbi } from './generated/index.ts';

const address = (digit: string): Hex => `0x${digit.repeat(40)}`;
const deployment: Deployment = {
  chainId: 1,
  startBlock: 0,
  authority: address('1'),
  forwarder: address('2'),
  participants: address('3'),
  consents: address('4'),
  records: address('5'),
  log: address('6'),
  keepers: address('7'),
  view: address('8'),
  guardianship: address('a'),
  emergencies: address('b'),
};
/** 21 November 2026, 18:30:59 UTC */
const EXPIRES_AT = 1_795_285_859;
const application = { role: 1, area: 1, organisation: address('0'), credentialHash: zeroHash };
const request = (to: Hex, data: Hex) => ({
  from: address('9'),
  to,
  gas: 1n,
  nonce: 2n,
  deadline: EXPIRES_AT,
  data,
});

describe('actionTypedData', () => {
  test('default: the action and its parameters, by name', () => {
    const consent = { compartments: 1n, purposes: 1, startsAt: 0, expiresAt: EXPIRES_AT, mayWrite: false };
    const data = encodeFunctionData({
      abi: consentRegistryAbi,
      functionName: 'grantConsent',
      args: [address('a'), consent],
    });
    const typed = actionTypedData(deployment, request(deployment.consents, data));
    expect(typed.primaryType).toBe('GrantConsent');
    expect(typed.message).toEqual({
      action: 'Let this accessor read your records.',
      folders: '1',
      why: 'Treatment',
      from: 'at once',
      until: '21 Nov 2026, 18:30 UTC',
      accessor: getAddress(address('a')),
      compartments: 1n,
      purposes: 1,
      startsAt: 0,
      expiresAt: EXPIRES_AT,
      mayWrite: false,
      request: {
        validUntil: '21 Nov 2026, 18:30 UTC',
        signer: address('9'),
        to: deployment.consents,
        gas: 1n,
        nonce: 2n,
        deadline: EXPIRES_AT,
      },
    });
    expect(JSON.stringify(typed.types)).not.toContain('"data"');
  });

  test('behavior: structs in a list are shown one by one, each with its words', () => {
    const args = [[{ provider: address('a'), application, expiresAt: EXPIRES_AT }]] as const;
    const data = encodeFunctionData({ abi: participantRegistryAbi, functionName: 'verifyProviders', args });
    const typed = actionTypedData(deployment, request(deployment.participants, data));
    expect(typed.primaryType).toBe('VerifyProviders');
    expect(typed.message).toMatchObject({
      verifications: [
        { provider: getAddress(address('a')), roleName: 'Clinician', until: '21 Nov 2026, 18:30 UTC' },
      ],
    });
  });

  test('error: nobody signs bytes', () => {
    const unknown = request(deployment.consents, '0x12345678');
    expect(() => actionTypedData(deployment, unknown)).toThrow('no action');
  });
});

describe('timeInWords', () => {
  test.each([
    [0, 'at once'],
    [1, '1 Jan 1970, 00:00 UTC'],
    [951_782_399, '28 Feb 2000, 23:59 UTC'],
    [951_782_400, '29 Feb 2000, 00:00 UTC'],
    [253_402_300_799, '31 Dec 9999, 23:59 UTC'],
    [253_402_300_800, 'after the year 9999'],
    [281_474_976_710_655, 'after the year 9999'],
  ])('default: %s', (seconds, words) => {
    expect(timeInWords(seconds)).toBe(words);
  });
});

describe('actionOf', () => {
  const open = encodeFunctionData({
    abi: accessLogAbi,
    functionName: 'openRecords',
    args: [[zeroHash], 0, zeroHash, 0],
  });

  test('default', () => {
    expect(actionOf(deployment, { to: deployment.log, data: open })?.name).toBe('openRecords');
  });

  test('behavior: none at another contract, of contracts among themselves, cut short, or empty', () => {
    const strikes = encodeFunctionData({
      abi: participantRegistryAbi,
      functionName: 'suspendForStrikes',
      args: [address('a')],
    });
    expect(actionOf(deployment, { to: deployment.consents, data: open })).toBeUndefined();
    expect(actionOf(deployment, { to: address('b'), data: open })).toBeUndefined();
    expect(actionOf(deployment, { to: deployment.participants, data: strikes })).toBeUndefined();
    expect(actionOf(deployment, { to: deployment.log, data: open.slice(0, 100) as Hex })).toBeUndefined();
    expect(actionOf(deployment, { to: deployment.log, data: '0x' })).toBeUndefined();
  });
});
