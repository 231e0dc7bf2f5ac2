import type { KeeperProblemCode } from '@chartkey/sdk';
import { ProblemError as ServiceProblem } from '@chartkey/service';

export type ProblemCode = KeeperProblemCode;

/** An error of a keeper that may be told to whoever asked. */
export const ProblemError = ServiceProblem<KeeperProblemCode>;
export type ProblemError = ServiceProblem<KeeperProblemCode>;

/** The chain took a block back, or a node did not have its state yet: asking once more is worth it. */
export class UnsettledError extends ProblemError {}
