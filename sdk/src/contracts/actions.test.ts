import { encodeFunctionData, type Hex, zeroHash } from 'viem';
import { describe, expect, test } from 'vitest';
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
};
const application = { role: 1, area: 1, organisation: address('0'), credentialHash: zeroHash };
const request = (to: Hex, data: Hex) => ({ from: address('9'), to, gas: 1n, nonce: 2n, deadline: 3, data });

describe('actionTypedData', () => {
  test('default: the action and its parameters, by name', () => {
    const consent = { compartments: 1n, purposes: 1, startsAt: 0, expiresAt: 9, mayWrite: false };
    const data = encodeFunctionData({
      abi: consentRegistryAbi,
      functionName: 'grantConsent',
      args: [address('a'), consent],
    });
    const typed = actionTypedData(deployment, request(deployment.consents, data));
    expect(typed.primaryType).toBe('GrantConsent');
    expect(typed.message).toMatchObject({ mayWrite: false, expiresAt: 9, request: { nonce: 2n } });
    expect(JSON.stringify(typed.types)).not.toContain('"data"');
  });

  test('behavior: structs in a list have no type, and are signed as bytes', () => {
    const args = [[{ provider: address('a'), application, expiresAt: 9 }]] as const;
    const data = encodeFunctionData({ abi: participantRegistryAbi, functionName: 'verifyProviders', args });
    expect(actionTypedData(deployment, request(deployment.participants, data)).primaryType).toBe(
      'ForwardRequest',
    );
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
