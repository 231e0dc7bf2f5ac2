import { describe, expect, test } from 'vitest';
import { commitPid, generatePidSalt } from './index.ts';

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
