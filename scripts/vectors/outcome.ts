/** What came of one vector. A skip says why, so that a gap is never mistaken for a pass. */
export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly id: string; readonly why: string }
  | { readonly kind: 'skipped'; readonly why: string };

/** A file's outcomes, or undefined if the runner does not know such files. */
export type Runner = (path: string) => Promise<readonly Outcome[]> | undefined;
export type JsonRunner = (json: unknown, path: string) => Promise<readonly Outcome[]> | undefined;

export const passed: Outcome = { kind: 'passed' };

export function skipped(why: string): Outcome {
  return { kind: 'skipped', why };
}

/** Runs one vector: no error means that it passed. */
export async function attempt(id: string, check: () => Promise<void> | void): Promise<Outcome> {
  try {
    await check();
    return passed;
  } catch (error) {
    return { kind: 'failed', id, why: error instanceof Error ? error.message : String(error) };
  }
}

export function assertSame(actual: Uint8Array, expected: Uint8Array, what: string): void {
  if (Buffer.compare(actual, expected) !== 0) throw new Error(`${what} differs`);
}

export function hex(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text.startsWith('0x') ? text.slice(2) : text, 'hex'));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
