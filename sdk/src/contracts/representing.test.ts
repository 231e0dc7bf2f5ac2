import { toFunctionSelector } from 'viem';
import { describe, expect, it } from 'vitest';
import { consentRegistryAbi, guardianshipAbi, recordIndexAbi } from './generated/index.ts';
import { representedFunction } from './representing.ts';

const selectorOf = (abi: readonly { readonly type: string }[], name: string) => {
  const item = abi.find((one) => one.type === 'function' && 'name' in one && one.name === name);
  return toFunctionSelector(item as Parameters<typeof toFunctionSelector>[0]);
};

describe('representedFunction', () => {
  it('default: names what a representative does in a patient’s name', () => {
    expect(representedFunction(selectorOf(consentRegistryAbi, 'grantConsent'))).toBe('grantConsent');
    expect(representedFunction(selectorOf(recordIndexAbi, 'retireRecord'))).toBe('retireRecord');
  });

  it('behavior: what nobody does in a patient’s name has no name here', () => {
    expect(representedFunction(selectorOf(guardianshipAbi, 'setGuardians'))).toBeUndefined();
    expect(representedFunction(selectorOf(recordIndexAbi, 'submitRecord'))).toBeUndefined();
    expect(representedFunction('0x00000000')).toBeUndefined();
  });
});
