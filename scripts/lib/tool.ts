import { spawn } from 'node:child_process';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export type ToolResult = {
  readonly ok: boolean;
  readonly stdout: string;
  /** What the tool said on both streams, in the order it came. */
  readonly output: string;
};

/** Runs a JavaScript program of `node_modules` with this Node, quietly. */
export function runTool(script: string, args: readonly string[], cwd = root): Promise<ToolResult> {
  return runProgram(process.execPath, [join(root, script), ...args], cwd);
}

/** Runs any program, quietly. A program that can't be started is a result too, not an exception. */
export function runProgram(
  program: string,
  args: readonly string[],
  cwd = root,
  timeoutMs?: number,
): Promise<ToolResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' },
    });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', (error) => resolve({ ok: false, stdout, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ ok: code === 0, stdout, output }));
  });
}
