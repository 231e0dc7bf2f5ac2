import type { HistoryEvent, IndexedEntry } from '../indexer/index.ts';

/** Records that were opened in one emergency, and wait for its review. */
type Waiting = {
  readonly accessor: string;
  readonly dueAt: number;
  count: number;
  readonly blockNumber: number;
};

/** Of a patient and the clinician who asked: the emergency that was opened last. */
type Latest = { readonly emergencyId: string; reviewed: boolean };

export type Unreviewed = {
  readonly at: number;
  readonly accessor: string;
  readonly count: number;
  readonly blockNumber: number;
};

/**
 * Emergencies in which records were opened and that nobody reviewed in time. A review that finds it
 * unjustified is one too: somebody has looked.
 *
 * @param seconds how long after the first opening a review may take
 */
export class UnreviewedEmergencies {
  readonly #seconds: number;
  readonly #latest = new Map<string, Latest>();
  readonly #waiting = new Map<string, Waiting>();

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  /** An emergency was opened or reviewed; other events say nothing here. */
  hear({ name, patient, account, args }: HistoryEvent): void {
    const pair = `${patient} ${account}`.toLowerCase();
    const emergencyId = String(args['emergencyId']);
    if (name === 'EmergencyOpened') this.#latest.set(pair, { emergencyId, reviewed: false });
    if (name !== 'EmergencyReviewed') return;
    const latest = this.#latest.get(pair);
    if (latest?.emergencyId === emergencyId) latest.reviewed = true;
    this.#waiting.delete(`${pair} ${emergencyId}`);
    // Opened before anything was heard of it.
    this.#waiting.delete(`${pair} `);
  }

  /** Records were opened in an emergency: they wait, unless it was reviewed already. */
  opened({ patient, accessor, openedAt, blockNumber }: IndexedEntry): void {
    const pair = `${patient} ${accessor}`.toLowerCase();
    const latest = this.#latest.get(pair);
    if (latest?.reviewed) return;
    const key = `${pair} ${latest?.emergencyId ?? ''}`;
    const waiting = this.#waiting.get(key);
    if (waiting) waiting.count += 1;
    else this.#waiting.set(key, { accessor, dueAt: openedAt + this.#seconds, count: 1, blockNumber });
  }

  /** Those that have become overdue by a time, in Unix seconds; each is told of once. */
  overdueAt(time: number): Unreviewed[] {
    const overdue: Unreviewed[] = [];
    for (const [key, { accessor, dueAt, count, blockNumber }] of this.#waiting) {
      if (dueAt > time) continue;
      this.#waiting.delete(key);
      overdue.push({ at: dueAt, accessor, count, blockNumber });
    }
    return overdue;
  }
}
