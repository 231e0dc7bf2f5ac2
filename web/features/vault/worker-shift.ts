import {
  actionOf,
  ChartkeyError,
  type Deployment,
  forwardTypedData,
  type UnsignedRequest,
} from '@chartkey/sdk';
import type { Address, Hex } from 'viem';
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import type { Shift, ShiftEnd } from './types.ts';

/** The key of a working session: made here, kept in memory alone, and for one use only. */
export type ShiftKeeper = {
  /** A fresh key that nobody has agreed to yet. */
  readonly newKey: () => Address;
  /** The chain took it: from now on it signs. */
  readonly begin: (shift: Shift) => void;
  readonly end: (why: ShiftEnd) => void;
  readonly standing: () => Shift | undefined;
  readonly ended: () => ShiftEnd | undefined;
  /** @throws ChartkeyError `SESSION_ENDED`, `INPUT_INVALID` for anything but an opening in its person's name */
  readonly sign: (deployment: Deployment, request: UnsignedRequest) => Promise<Hex>;
};

export function createShiftKeeper(onChange: () => void): ShiftKeeper {
  let made: PrivateKeyAccount | undefined;
  let standing: { readonly shift: Shift; readonly key: PrivateKeyAccount } | undefined;
  let ended: ShiftEnd | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const end = (why: ShiftEnd) => {
    made = undefined;
    clearTimeout(timer);
    if (!standing) return;
    standing = undefined;
    ended = why;
    onChange();
  };
  // A machine that slept has not run its timers.
  const current = () => {
    if (standing && standing.shift.expiresAt * 1000 <= Date.now()) end('expired');
    return standing;
  };
  return {
    newKey() {
      made = privateKeyToAccount(generatePrivateKey());
      return made.address;
    },
    begin(shift) {
      // Locked in the meantime, it stays so.
      if (made?.address !== shift.key) throw gone();
      standing = { shift, key: made };
      made = undefined;
      ended = undefined;
      clearTimeout(timer);
      timer = setTimeout(() => end('expired'), shift.expiresAt * 1000 - Date.now());
      onChange();
    },
    end,
    standing: () => current()?.shift,
    ended: () => ended,
    async sign(deployment, request) {
      const now = current();
      if (!now) throw gone();
      const opening = actionOf(deployment, request)?.name === 'openRecords';
      if (!opening || request.from.toLowerCase() !== now.shift.person.toLowerCase()) {
        throw new ChartkeyError('INPUT_INVALID', 'A shift’s key signs openings in its person’s name only.');
      }
      return now.key.signTypedData(forwardTypedData(deployment, request));
    },
  };
}

function gone(): ChartkeyError {
  return new ChartkeyError('SESSION_ENDED', 'The session has ended.', {
    retryable: true,
    advice: 'Nothing was opened. Do it again: then your wallet asks you to sign.',
  });
}
