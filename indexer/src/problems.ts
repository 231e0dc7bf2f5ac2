import type { IndexProblemCode } from '@chartkey/sdk';
import { ProblemError as ServiceProblem } from '@chartkey/service';

/** An error of an index that may be told to whoever asked. */
export const ProblemError = ServiceProblem<IndexProblemCode>;
export type ProblemError = ServiceProblem<IndexProblemCode>;
