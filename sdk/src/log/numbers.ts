import { DECISIONS, type Decision } from '../contracts/decisions.ts';
import { PURPOSES_OF_USE, type PurposeOfUse } from '../hl7/index.ts';

/** Purposes and decisions by the numbers that the contracts' enums give them. */
export const PURPOSE_NUMBERS = Object.fromEntries(
  PURPOSES_OF_USE.map(({ code }, number) => [code, number]),
) as Readonly<Record<PurposeOfUse, number>>;

export const DECISION_NUMBERS = Object.fromEntries(
  DECISIONS.map(({ code }, number) => [code, number]),
) as Readonly<Record<Decision, number>>;
