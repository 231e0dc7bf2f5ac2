import { IntegrityError } from '../errors.ts';

/** A share that is not the one its keeper was given. `index` says whose: 0-based, as in the envelope. */
export class ShareWrongError extends IntegrityError {
  readonly index: number;

  constructor(index: number) {
    super('SHARE_WRONG', `The share of keeper ${index} is not the one that was sealed to it.`, {
      advice: 'Leave this keeper out and ask another one. Tell the operators.',
    });
    this.index = index;
  }
}
