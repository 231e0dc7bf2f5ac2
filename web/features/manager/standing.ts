import type { ListedProvider, Provider, Role } from '@chartkey/sdk';

/** Where a provider that was verified once stands now. */
export type Standing = 'counts' | 'ending' | 'ended' | 'suspended';

const SOON_SECONDS = 30 * 86_400;
const ORGANISATIONS: ReadonlySet<Role> = new Set(['Lab', 'Pharmacy', 'Hospital', 'Insurer', 'PublicHealth']);

/** @param now Unix seconds */
export function standingOf({ status, expiresAt }: Provider, now = Date.now() / 1000): Standing {
  if (status === 'Suspended') return 'suspended';
  if (expiresAt <= now) return 'ended';
  return expiresAt - now < SOON_SECONDS ? 'ending' : 'counts';
}

export function isOrganisation({ application }: ListedProvider): boolean {
  return ORGANISATIONS.has(application.role);
}

/** Unix seconds → `YYYY-MM-DD` where the person is. */
export function dayOf(seconds: number): string {
  const at = new Date(seconds * 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The end of that day where the person is, in Unix seconds; `NaN` for no day. */
export function endOfDay(day: string): number {
  return Math.floor(new Date(`${day}T23:59:59`).getTime() / 1000);
}
