import { describe, expect, test } from 'vitest';
import { configFromEnvironment } from './config.ts';

const KEY = `0x${'1'.repeat(64)}`;

describe('configFromEnvironment', () => {
  test('error: names the setting, and repeats no value', async () => {
    const failing: readonly (readonly [Record<string, string>, RegExp])[] = [
      [{}, /^CHARTKEY_RELAY_KEY: must be/],
      [{ CHARTKEY_RELAY_KEY: 'hunter2' }, /^CHARTKEY_RELAY_KEY: must be 0x and 64 hex digits$/],
      [
        { CHARTKEY_RELAY_KEY: KEY, CHARTKEY_RELAY_RPC_URL: 'ftp://hunter2' },
        /^CHARTKEY_RELAY_RPC_URL: must be an http/,
      ],
      [{ CHARTKEY_RELAY_KEY: KEY, CHARTKEY_RELAY_PORT: 'x' }, /^CHARTKEY_RELAY_PORT: must be a whole number/],
      [
        { CHARTKEY_RELAY_KEY_FILE: '/nowhere/hunter2' },
        /^CHARTKEY_RELAY_KEY_FILE: can’t be read \(ENOENT\)$/,
      ],
    ];
    for (const [env, message] of failing) {
      const error: unknown = await configFromEnvironment(env).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ message: expect.stringMatching(message) });
      expect(String(error)).not.toContain('hunter2');
    }
  });

  test('error: a name that is not known', async () => {
    const env = { CHARTKEY_RELAY_KEY: KEY, CHARTKEY_RELAY_FEECAP: '1' };
    await expect(configFromEnvironment(env)).rejects.toThrow('CHARTKEY_RELAY_');
  });
});
