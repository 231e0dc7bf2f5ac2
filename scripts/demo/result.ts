import type { ErasureReceipt, RecordAudit } from '@chartkey/sdk';

/** What a demo ends with; every story has the same shape. */
export type DemoResult = {
  readonly ok: boolean;
  readonly records: readonly {
    readonly file: string;
    readonly bytes: number;
    readonly recordId: string;
    readonly plaintextSha256: string;
    /** Empty if it did not open. */
    readonly openedSha256: string;
    readonly sealMs: number;
    readonly openMs: number;
  }[];
  /** Gas of one call each; `openRecords` for one record at a new place, 17,100 more than at one that was used. */
  readonly gas: Readonly<Record<string, number>>;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail?: string }[];
  readonly log: { readonly entries: number; readonly headOnChain: string; readonly headRecomputed: string };
  /** What erasures ended with. */
  readonly receipts?: readonly ErasureReceipt[];
  /** What audits found, in their order. */
  readonly audits?: readonly RecordAudit[];
  /** Most memory that this process held, in bytes. */
  readonly peakMemory: number;
};

export type InputFile = { readonly name: string; readonly blob: Blob };

export type Story = (files: readonly InputFile[], onStep: (text: string) => void) => Promise<DemoResult>;

/** Collects checks; each is told as it comes. */
export class Checks {
  readonly all: { name: string; ok: boolean; detail?: string }[] = [];
  readonly #onStep: (text: string) => void;

  constructor(onStep: (text: string) => void) {
    this.#onStep = onStep;
  }

  /** Holds if `question` comes true; what it throws counts as not held, with its message. */
  async that(name: string, question: () => Promise<boolean | string>): Promise<void> {
    const answer = await question().catch((error: unknown) =>
      error instanceof Error ? error.message : 'failed',
    );
    const ok = answer === true;
    this.all.push(typeof answer === 'string' ? { name, ok, detail: answer } : { name, ok });
    this.#onStep(`${ok ? '✓' : '✗'} ${name}${typeof answer === 'string' ? `: ${answer}` : ''}`);
  }

  get ok(): boolean {
    return this.all.length > 0 && this.all.every(({ ok }) => ok);
  }
}
