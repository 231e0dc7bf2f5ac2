import type { RelayProblemCode } from '@chartkey/sdk';
import { ProblemError as ServiceProblem } from '@chartkey/service';

/** An error of a relay that may be told to whoever asked. */
export const ProblemError = ServiceProblem<RelayProblemCode>;
export type ProblemError = ServiceProblem<RelayProblemCode>;
