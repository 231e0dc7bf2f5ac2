import type { AppConfig } from '../../server/config.ts';

const SETTING = 'chartkey.idle-lock';
const CHOICES = [60, 300, 900, 1_800, 3_600];

/** After how many seconds without anybody this browser locks: what was chosen, at most what the site allows. */
export function idleLockOf({ idleLockSeconds }: Pick<AppConfig, 'idleLockSeconds'>): number {
  const chosen = Number(window.localStorage.getItem(SETTING));
  return chosen > 0 ? Math.min(chosen, idleLockSeconds) : idleLockSeconds;
}

/** What there is to choose, in seconds: nothing beyond what the site allows. */
export function idleLockChoices({ idleLockSeconds }: Pick<AppConfig, 'idleLockSeconds'>): readonly number[] {
  return [...CHOICES.filter((seconds) => seconds < idleLockSeconds), idleLockSeconds];
}

export function keepIdleLock({ idleLockSeconds }: Pick<AppConfig, 'idleLockSeconds'>, seconds: number): void {
  if (seconds >= idleLockSeconds) window.localStorage.removeItem(SETTING);
  else window.localStorage.setItem(SETTING, String(seconds));
}
