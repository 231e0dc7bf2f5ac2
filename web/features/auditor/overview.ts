import type { ExportedEntry } from '@chartkey/sdk';
import type { Address } from 'viem';
import { dayOf, startOf } from './filter.ts';

/** Entries of one day, where the reader is. */
export type DayCount = {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** Its first second, Unix. */
  readonly at: number;
  readonly count: number;
  readonly refused: number;
  /** Whether there are far more of them than on the other days. */
  readonly spike: boolean;
};

export type Overview = {
  readonly permitted: number;
  readonly refused: number;
  readonly emergencies: number;
  readonly patients: number;
  readonly accessors: number;
  /** Every day of the period, the first one first. */
  readonly days: readonly DayCount[];
  /** Who was refused most often, the most first. */
  readonly refusing: readonly { readonly accessor: Address; readonly count: number }[];
};

/** A day with fewer entries is no spike. */
const MIN_SPIKE = 10;
/** So many times a usual day. */
const SPIKE_TIMES = 3;
const MOST_REFUSED = 5;

/** Counts entries one by one, in memory that grows with people and days and not with entries. */
export class OverviewCount {
  #permitted = 0;
  #refused = 0;
  #emergencies = 0;
  readonly #patients = new Set<string>();
  readonly #refusedBy = new Map<Address, number>();
  readonly #accessors = new Set<string>();
  readonly #days = new Map<string, { count: number; refused: number }>();

  add({ patient, accessor, decision, purpose, openedAt }: ExportedEntry): void {
    const isPermitted = decision === 'Permit';
    if (isPermitted) this.#permitted += 1;
    else this.#refused += 1;
    if (purpose === 'ETREAT' || purpose === 'BTG') this.#emergencies += 1;
    this.#patients.add(patient);
    this.#accessors.add(accessor);
    if (!isPermitted) this.#refusedBy.set(accessor, (this.#refusedBy.get(accessor) ?? 0) + 1);
    const day = this.#days.get(dayOf(openedAt)) ?? { count: 0, refused: 0 };
    day.count += 1;
    if (!isPermitted) day.refused += 1;
    this.#days.set(dayOf(openedAt), day);
  }

  /** @param days every day of the period, `YYYY-MM-DD`, in order */
  result(days: readonly string[]): Overview {
    const counts = days.map((day) => this.#days.get(day)?.count ?? 0);
    return {
      ...{ permitted: this.#permitted, refused: this.#refused, emergencies: this.#emergencies },
      ...{ patients: this.#patients.size, accessors: this.#accessors.size },
      days: days.map((day) => {
        const { count, refused } = this.#days.get(day) ?? { count: 0, refused: 0 };
        return { day, at: startOf(day), count, refused, spike: isSpike(count, counts) };
      }),
      refusing: [...this.#refusedBy]
        .map(([accessor, count]) => ({ accessor, count }))
        .sort((a, b) => b.count - a.count)
        .slice(0, MOST_REFUSED),
    };
  }
}

/** Against the median of days on which anything happened: one spike does not hide the next. */
function isSpike(count: number, counts: readonly number[]): boolean {
  const busy = counts.filter((one) => one > 0).sort((a, b) => a - b);
  const usual = busy[Math.floor((busy.length - 1) / 2)] ?? 0;
  return count >= MIN_SPIKE && busy.length > 1 && count > SPIKE_TIMES * usual;
}
