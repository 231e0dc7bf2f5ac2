import { describe, expect, it } from 'vitest';
import { idleLockChoices } from './idle-lock.ts';

describe('idleLockChoices', () => {
  it('default: what the site allows, and what is shorter', () => {
    expect(idleLockChoices({ idleLockSeconds: 900 })).toEqual([60, 300, 900]);
  });

  it('behavior: a site that allows little leaves nothing to choose', () => {
    expect(idleLockChoices({ idleLockSeconds: 4 })).toEqual([4]);
  });
});
