import { ProblemError } from './problems.ts';

/** Lets so many at once do their work; as many again times eight wait in order, and more are sent away. */
export class Gate {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws ProblemError `BUSY` */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#working >= this.#limit) await this.#turn();
    else this.#working++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // Whoever waited takes this place over.
      if (next) next();
      else this.#working--;
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= 8 * this.#limit) {
      throw new ProblemError('BUSY', 'More requests wait than this keeper takes.');
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
