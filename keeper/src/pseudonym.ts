import { createHmac, randomBytes } from 'node:crypto';

const DAY_MS = 86_400_000;

/**
 * Names for addresses in the log: the same all day, another one tomorrow and in every process.
 * The salt is in memory only, so yesterday's log can't be linked to an address, nor to today's.
 */
export function pseudonyms(now: () => number = Date.now): (address: string) => string {
  let day = -1;
  let salt = randomBytes(0);
  return (address) => {
    const today = Math.floor(now() / DAY_MS);
    if (today !== day) {
      day = today;
      salt = randomBytes(32);
    }
    return createHmac('sha256', salt).update(address.toLowerCase()).digest('base64url').slice(0, 11);
  };
}
