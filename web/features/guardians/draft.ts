import { MAX_GUARDIANS, MIN_THRESHOLD } from '@chartkey/sdk';
import { type Address, getAddress, isAddress } from 'viem';

/** Guardians as somebody is writing them down. */
export type GuardiansDraft = { readonly accounts: readonly string[]; readonly threshold: number };

/** Why it can't be signed yet, as a key of the feature's texts. */
export type DraftProblem = 'nameTwoOrMore' | 'notAnAccount' | 'namedTwice' | 'notYourself';

export function emptyDraft(guardians: readonly Address[] = [], threshold = MIN_THRESHOLD): GuardiansDraft {
  const accounts = guardians.length > 0 ? guardians : ['', '', ''];
  return { accounts, threshold: Math.max(threshold, MIN_THRESHOLD) };
}

/** The accounts that were filled in. */
export function namedIn({ accounts }: GuardiansDraft): readonly string[] {
  return accounts.map((account) => account.trim()).filter((account) => account !== '');
}

/** How many may be needed: 2 to all of them. */
export function thresholdsFor(draft: GuardiansDraft): readonly number[] {
  const most = Math.min(MAX_GUARDIANS, Math.max(MIN_THRESHOLD, namedIn(draft).length));
  return Array.from({ length: most - MIN_THRESHOLD + 1 }, (_, i) => MIN_THRESHOLD + i);
}

/** @param own The patient's id and wallet, which guard nobody for themselves */
export function problemOf(draft: GuardiansDraft, own: readonly Address[]): DraftProblem | undefined {
  const named = namedIn(draft);
  if (!named.every((account) => isAddress(account, { strict: false }))) return 'notAnAccount';
  const small = named.map((account) => account.toLowerCase());
  if (small.some((account) => own.some((one) => one.toLowerCase() === account))) return 'notYourself';
  if (new Set(small).size < small.length) return 'namedTwice';
  return named.length < MIN_THRESHOLD ? 'nameTwoOrMore' : undefined;
}

/** How many are needed: what was chosen, never beyond the number of guardians. */
export function thresholdIn(draft: GuardiansDraft): number {
  return Math.min(draft.threshold, Math.max(namedIn(draft).length, MIN_THRESHOLD));
}

/** What is signed, of a draft without a problem. */
export function guardiansIn(draft: GuardiansDraft): {
  readonly guardians: readonly Address[];
  readonly threshold: number;
} {
  const guardians = namedIn(draft).map((account) => getAddress(account));
  return { guardians, threshold: thresholdIn(draft) };
}
