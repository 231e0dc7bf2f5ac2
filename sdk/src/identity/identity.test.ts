import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commitPid, decodeRecoveryCode, encodeRecoveryCode, generatePidSalt } from './index.ts';

const salt = new Uint8Array(32).fill(7);

describe('commitPid', () => {
  test('default', () => {
    expect(commitPid({ area: 1, identifier: '123-45-678', salt })).toMatch(/^0x[0-9a-f]{64}$/);
  });

  test('behavior: salt, area and identifier each change it; blanks around do not', () => {
    const pid = commitPid({ area: 1, identifier: 'a', salt });
    expect(commitPid({ area: 2, identifier: 'a', salt })).not.toBe(pid);
    expect(commitPid({ area: 1, identifier: 'b', salt })).not.toBe(pid);
    expect(commitPid({ area: 1, identifier: 'a', salt: generatePidSalt() })).not.toBe(pid);
    expect(commitPid({ area: 1, identifier: ' a ', salt })).toBe(pid);
  });

  test('error: no salt, no identifier, no area', () => {
    expect(() => commitPid({ area: 1, identifier: 'a', salt: new Uint8Array(8) })).toThrow(/salt/);
    expect(() => commitPid({ area: 1, identifier: '  ', salt })).toThrow(/identifier/);
    expect(() => commitPid({ area: -1, identifier: 'a', salt })).toThrow(/area/);
  });
});

describe('encodeRecoveryCode', () => {
  test('default', () => {
    expect(encodeRecoveryCode(new Uint8Array(32))).toMatch(/^([0-9A-Z]{5}-){10}[0-9A-Z]{5}$/);
  });

  test('behavior: goes there and back, also in small letters and with blanks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const code = encodeRecoveryCode(seed);
        expect(decodeRecoveryCode(code)).toEqual(seed);
        expect(decodeRecoveryCode(code.toLowerCase().replaceAll('-', ' '))).toEqual(seed);
      }),
    );
  });

  test('behavior: letters that look like digits are read as digits', () => {
    const code = encodeRecoveryCode(new Uint8Array(32));
    expect(decodeRecoveryCode(code.replaceAll('0', 'O'))).toEqual(new Uint8Array(32));
  });
});

describe('decodeRecoveryCode', () => {
  const code = encodeRecoveryCode(new Uint8Array(32).fill(9));

  test('error: a changed character is noticed', () => {
    const other = code.startsWith('2') ? '3' : '2';
    expect(() => decodeRecoveryCode(other + code.slice(1))).toThrow(/slip/);
  });

  test('error: too short, or a character that no code has', () => {
    expect(() => decodeRecoveryCode(code.slice(1))).toThrow(/55 characters/);
    expect(() => decodeRecoveryCode(`!${code.slice(1)}`)).toThrow(/character that no code has/);
  });
});
