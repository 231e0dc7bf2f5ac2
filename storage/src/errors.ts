/** What can go wrong in the node. Each face (RPC, gateway) says it in its own format. */
export type Fault =
  /** The request is malformed or asks for what is not offered. */
  | 'invalid'
  /** Over a limit. */
  | 'too-large'
  /** The block is not here. */
  | 'not-found'
  | 'not-pinned'
  /** The bytes on disk are not those that were stored. They are never sent. */
  | 'corrupt'
  /** No space left, or less than the reserve. */
  | 'full'
  /** Not now: something else has to be done first. */
  | 'busy'
  /** What stands behind us does not answer. */
  | 'unavailable'
  /** Who asks may not: a web page of an origin that is not on the list. */
  | 'forbidden'
  /** The account is nobody's here. */
  | 'not-registered'
  /** A provider whom no manager verified, or whose time is over. */
  | 'not-verified'
  | 'suspended'
  /** The chain does not say that the record has ended. */
  | 'not-ended'
  /** More than a participant may have here. */
  | 'over-quota'
  /** Nobody has signed in, or the session is over. */
  | 'unauthenticated'
  /** More often, or more at once, than is allowed. */
  | 'too-many';

export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly fault: Fault;

  constructor(fault: Fault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

export function invalid(message: string): NodeError {
  return new NodeError('invalid', message);
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Turns the operating system's "no space" into ours; leaves everything else alone. */
export function asNodeError(cause: unknown): unknown {
  return FULL.has(codeOf(cause)) ? new NodeError('full', 'no space left on device', { cause }) : cause;
}

/** `ENOENT` and the like, or the empty string. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
