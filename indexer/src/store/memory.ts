import type { Kysely } from 'kysely';
import type { Hex } from 'viem';
import type { ChartEvent } from '../chain/events.ts';
import type { Tables } from './tables.ts';

/** Where a patient's log stands. */
export type PatientHead = {
  readonly count: number;
  /** The head is the first 28. */
  readonly bytes: Uint8Array;
  /** Of the log's first entry. */
  readonly position: number;
};

/** Heads that are kept; beyond that the oldest are read again when they are needed. */
const MAX_HEADS = 200_000;
const AT_ONCE = 500;

/** What writing needs of what was written, so that it asks the database once a range and not once an entry. */
export class Memory {
  readonly #db: Kysely<Tables>;
  readonly #heads = new Map<Hex, PatientHead>();
  #members: Map<string, string> | undefined;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  forget(): void {
    this.#heads.clear();
    this.#members = undefined;
  }

  headOf(patient: Hex): PatientHead | undefined {
    return this.#heads.get(patient);
  }

  /** The organisation that an account is a member of now, as both say. */
  organisationOf(account: string): string | undefined {
    return this.#members?.get(account);
  }

  async load(patients: readonly Hex[]): Promise<void> {
    this.#members ??= await this.#loadMembers();
    const unknown = [...new Set(patients)].filter((patient) => !this.#heads.has(patient));
    for (let at = 0; at < unknown.length; at += AT_ONCE) {
      const rows = await this.#db
        .selectFrom('heads')
        .selectAll()
        .where('patient', 'in', unknown.slice(at, at + AT_ONCE))
        .execute();
      for (const { patient, count, head, position } of rows) {
        this.#heads.set(patient as Hex, { count, position, bytes: Buffer.from(head.slice(2), 'hex') });
      }
    }
  }

  keep(heads: ReadonlyMap<Hex, PatientHead>): void {
    for (const [patient, head] of heads) {
      this.#heads.delete(patient);
      this.#heads.set(patient, head);
    }
    for (const oldest of this.#heads.keys()) {
      if (this.#heads.size <= MAX_HEADS) break;
      this.#heads.delete(oldest);
    }
  }

  follow({ eventName, args }: ChartEvent): void {
    if (eventName === 'MemberVouched') {
      this.#members?.set(args.member.toLowerCase(), args.organisation.toLowerCase());
    } else if (eventName === 'MemberDropped') this.#members?.delete(args.member.toLowerCase());
    // An application ends whatever stood before.
    else if (eventName === 'ProviderRegistered' || eventName === 'ProviderVerified') {
      this.#members?.delete(args.provider.toLowerCase());
    }
  }

  async #loadMembers(): Promise<Map<string, string>> {
    const rows = await this.#db
      .selectFrom('providers')
      .select(['provider', 'organisation'])
      .where('vouched', '=', 1)
      .execute();
    return new Map(rows.map(({ provider, organisation }) => [provider, organisation]));
  }
}
