import { ChartkeyError, type ErrorCode, StorageError } from '../errors.ts';
import type { NodeFault, NodeReport, StorageClient } from './client.ts';
import type { Bytes } from './dag.ts';

/** Why one request to one node failed. Stays inside this folder. */
export class RequestFailure extends Error {
  readonly fault: NodeFault;
  /** What the node said; read by this folder alone, as a node may say anything. */
  readonly answer: string;
  constructor(fault: NodeFault, options: ErrorOptions & { readonly answer?: string } = {}) {
    super(fault, options);
    this.fault = fault;
    this.answer = options.answer ?? '';
  }
}

export type Request = {
  readonly url: string;
  readonly init?: RequestInit;
  /** An answer longer than this is cut off and counts as wrong. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
};

/**
 * One request, with a bound on time and size.
 *
 * @throws RequestFailure, or ChartkeyError `CANCELLED` when the caller's signal fired
 */
export async function request(
  client: StorageClient,
  { url, init, maxBytes, timeoutMs, signal }: Request,
): Promise<Bytes> {
  throwIfCancelled(signal);
  const timeout = AbortSignal.timeout(timeoutMs);
  const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    // no-store: a browser's cache would answer for a node that is dead or has lost the bytes.
    // A redirect could lead to a third party, who would learn what is read.
    const response = await client.fetch(url, {
      ...init,
      signal: both,
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });
    if (!response.ok) {
      const answer = await answerOf(response);
      throw new RequestFailure(faultOf(response.status, answer), { answer });
    }
    return await readUpTo(response, maxBytes);
  } catch (cause) {
    throwIfCancelled(signal);
    if (cause instanceof RequestFailure) throw cause;
    throw new RequestFailure(timeout.aborted ? 'timed-out' : 'unreachable', { cause });
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new ChartkeyError('CANCELLED', 'The transfer was cancelled.', { cause: signal.reason });
  }
}

/** One error for several nodes: says of each what it did. */
export function storageError(reports: readonly NodeReport[], what: string): StorageError {
  const code = codeFor(reports.map(({ fault }) => fault));
  const each = reports.map(({ node, fault }) => `${node} ${SAYS[fault]}`).join('; ');
  const advice = reports.map(({ fault }) => ADVICE[fault]).find((text) => text !== undefined);
  return new StorageError(code, `${what}: ${each}.`, {
    retryable: RETRYABLE.has(code),
    ...(advice !== undefined && code !== 'STORAGE_WRONG_BYTES' && { advice }),
  });
}

/** All answers of a node that must come back as lines of JSON. */
export function parseLines(bytes: Uint8Array): unknown[] {
  try {
    const lines = new TextDecoder().decode(bytes).split('\n');
    return lines.filter((line) => line.trim() !== '').map((line): unknown => JSON.parse(line));
  } catch (cause) {
    throw new RequestFailure('refused', { cause });
  }
}

const SAYS: Record<NodeFault, string> = {
  'wrong-bytes': 'answered with wrong bytes',
  'not-found': 'does not have them',
  refused: 'refused',
  full: 'is full',
  'timed-out': 'did not answer in time',
  unreachable: 'is unreachable',
  'signed-out': 'wants you to sign in',
  'not-registered': 'does not know this account',
  'not-verified': 'takes nothing from a provider that is not verified',
  suspended: 'takes nothing from a suspended provider',
  'over-quota': 'has no more room for you',
};

/** What to do about a gate's no. */
const ADVICE: Partial<Record<NodeFault, string>> = {
  'signed-out': 'Sign in again: what was stored so far is kept.',
  'not-registered': 'Only registered patients and verified providers can store files. Register first.',
  'not-verified': 'Ask the manager of your area to verify you. Nothing was changed.',
  suspended: 'Ask the manager of your area about it. Nothing was changed.',
  'over-quota': 'Retire records that you no longer need, or ask whoever runs this storage for more room.',
};

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(['STORAGE_UNREACHABLE', 'STORAGE_NOT_STORED']);

/** A lie is said first, as somebody should look. Lost bytes are only certain if all nodes said so. */
function codeFor(faults: readonly NodeFault[]): ErrorCode {
  if (faults.includes('wrong-bytes')) return 'STORAGE_WRONG_BYTES';
  if (faults.some((fault) => fault === 'unreachable' || fault === 'timed-out')) return 'STORAGE_UNREACHABLE';
  if (faults.includes('signed-out')) return 'STORAGE_SIGNED_OUT';
  if (faults.some((fault) => NOT_ADMITTED.has(fault))) return 'STORAGE_NOT_ADMITTED';
  if (faults.includes('over-quota')) return 'STORAGE_QUOTA';
  if (faults.includes('full')) return 'STORAGE_FULL';
  return faults.every((fault) => fault === 'not-found') ? 'STORAGE_NOT_FOUND' : 'STORAGE_REFUSED';
}

const NOT_ADMITTED: ReadonlySet<NodeFault> = new Set(['not-registered', 'not-verified', 'suspended']);

/** The types of a gate's problem documents (RFC 9457) that have words of their own here. */
const GATE_FAULTS: ReadonlyMap<string, NodeFault> = new Map([
  ['unauthenticated', 'signed-out'],
  ['not-registered', 'not-registered'],
  ['not-verified', 'not-verified'],
  ['suspended', 'suspended'],
  ['over-quota', 'over-quota'],
]);

function faultOf(status: number, answer: string): NodeFault {
  const [, type = ''] = /"type":"urn:chartkey:storage:([a-z-]+)"/.exec(answer) ?? [];
  const said = GATE_FAULTS.get(type);
  if (said !== undefined) return said;
  if (status === 404 || status === 410) return 'not-found';
  if (status === 507) return 'full';
  if (status === 408 || status === 504) return 'timed-out';
  return status === 429 || status === 502 || status === 503 ? 'unreachable' : 'refused';
}

/** The start of what a node says about its no. */
async function answerOf(response: Response): Promise<string> {
  const bytes = await readUpTo(response, MAX_NO_BYTES).catch(() => new Uint8Array(0));
  return new TextDecoder().decode(bytes);
}

const MAX_NO_BYTES = 4_096;

async function readUpTo(response: Response, maxBytes: number): Promise<Bytes> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  if (response.body === null) return new Uint8Array(0);
  const reader = response.body.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      // Not awaited: a hostile node decides when a cancelled stream ends.
      reader.cancel().catch(() => undefined);
      throw new RequestFailure('wrong-bytes');
    }
    pieces.push(value);
  }
  return join(pieces, length);
}

function join(pieces: readonly Uint8Array[], length: number): Bytes {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
