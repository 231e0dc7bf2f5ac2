import { ArchiveError, ChartkeyError, EnvelopeError, IntegrityError } from '@chartkey/sdk';

/** What a command's end says to a program. */
export const EXIT = {
  done: 0,
  /** Something that was looked at is not well: missing, altered, not complete. */
  found: 1,
  /** It did not come to that: typed wrongly, a setting or secret is wrong, or something is out of reach. */
  notRun: 2,
  /** The contracts, the keepers or a gate said no. */
  refused: 3,
} as const;

export const EXIT_WORDS: readonly (readonly [code: number, says: string])[] = [
  [EXIT.done, 'done, and what was looked at is well'],
  [EXIT.found, 'something was found: missing, altered, not complete'],
  [EXIT.notRun, 'could not run: typed wrongly, a wrong setting or passphrase, something out of reach'],
  [EXIT.refused, 'refused: by the contracts, the keepers or a gate'],
];

const REFUSALS: ReadonlySet<string> = new Set([
  'CONTRACT_REFUSED',
  'OPENING_REFUSED',
  'KEEPER_REFUSED',
  'RELAY_REFUSED',
  'STORAGE_REFUSED',
  'STORAGE_NOT_ADMITTED',
  'STORAGE_SIGNED_OUT',
  'STORAGE_QUOTA',
]);

/** A secret that does not fit is told as a broken seal too, and is nothing that was found. */
const SECRETS: ReadonlySet<string> = new Set(['SEAL_BROKEN']);

/** The exit code of an error. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof ChartkeyError)) return EXIT.notRun;
  if (REFUSALS.has(error.code)) return EXIT.refused;
  const isBroken =
    error instanceof IntegrityError || error instanceof EnvelopeError || error instanceof ArchiveError;
  const isFound = (isBroken && !SECRETS.has(error.code)) || error.code === 'STORAGE_WRONG_BYTES';
  return isFound ? EXIT.found : EXIT.notRun;
}
