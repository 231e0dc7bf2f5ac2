import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { ROOT } from '../../scripts/lib/process.ts';

/** A line of errors, as `--json` prints it. */
export type CliError = { readonly code: string; readonly message: string; readonly advice: string };

export type Ran = {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** What it printed on stdout, if that is JSON. */
  readonly json: unknown;
  /** The last line of stderr, if that is JSON. */
  readonly error: CliError | undefined;
};

export type RunOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
};

/** `chartkey …` as a program calls it: a process of its own, which nobody sits in front of. */
export async function chartkey(
  args: readonly string[],
  { env = {}, cwd = ROOT }: RunOptions = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [join(ROOT, 'cli/src/main.ts'), ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  const [stdout, stderr, code] = await Promise.all([buffer(child.stdout), text(child.stderr), ended]);
  const told = parse(stderr.trim().split('\n').at(-1) ?? '') as { error?: CliError } | undefined;
  return { code, stdout, stderr, json: parse(stdout.toString()), error: told?.error };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
