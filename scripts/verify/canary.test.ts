import { describe, expect, test } from 'vitest';
import { checkCanary } from './canary.ts';

describe('checkCanary', () => {
  test('default: each layer rule reports its planted violation, and nothing that is allowed', async () => {
    expect((await checkCanary()).failure).toBeUndefined();
  });
});
