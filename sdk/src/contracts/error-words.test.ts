import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as generated from './generated/index.ts';
import { DECISIONS, EMERGENCY_REASONS, EMERGENCY_REVIEWS, ERROR_WORDS, GROUNDS, ROLES } from './index.ts';

const inAbis = Object.values(generated)
  .flat()
  .filter(({ type }) => type === 'error')
  .map((entry) => ('name' in entry ? entry.name : ''));

describe('ERROR_WORDS', () => {
  test('behavior: every error of the contracts has plain words', () => {
    const ofLibraries = [
      'AccessManagedInvalidAuthority',
      'AccessManagedRequiredDelay',
      'ERC2771ForwarderMismatchedValue',
      'ERC2771ForwarderNoRefundReceiver',
      'FailedCall',
      'InsufficientBalance',
      'InvalidAccountNonce',
      'InvalidShortString',
      'StringTooLong',
    ];
    const missing = inAbis.filter((name) => !ERROR_WORDS[name] && !ofLibraries.includes(name));
    expect([...new Set(missing)]).toEqual([]);
  });

  test('behavior: no words for errors that are gone', () => {
    expect(Object.keys(ERROR_WORDS).filter((name) => !(inAbis as string[]).includes(name))).toEqual([]);
  });
});

describe('vocabulary', () => {
  const source = readFileSync(new URL('../../../contracts/types/Types.sol', import.meta.url), 'utf8');
  const members = (name: string) =>
    (new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(source)?.[1] ?? '')
      .replaceAll(/\/\/.*/g, '')
      .split(',')
      .map((member) => member.trim())
      .filter((member) => member !== '');

  test('behavior: decisions and roles stand in the order of the contracts', () => {
    expect(DECISIONS.map(({ code }) => code)).toEqual(members('Decision'));
    expect([...ROLES]).toEqual(members('Role'));
    expect([...EMERGENCY_REASONS]).toEqual(members('EmergencyReason'));
    expect([...EMERGENCY_REVIEWS]).toEqual(members('EmergencyReview'));
    expect([...GROUNDS]).toEqual(members('Ground'));
  });
});
