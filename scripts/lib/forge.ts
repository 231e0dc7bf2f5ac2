import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root, runProgram, type ToolResult } from './tool.ts';

/**
 * Formats contracts with `forge fmt`. The program is called directly: the npm package's own
 * wrapper wants its postinstall script, and dependencies are installed without scripts.
 */
export function forgeFmt(...args: readonly string[]): Promise<ToolResult> {
  const os = process.platform === 'win32' ? 'win32' : process.platform;
  const cpu = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = process.platform === 'win32' ? 'forge.exe' : 'forge';
  const require = createRequire(join(root, 'package.json'));
  try {
    const program = require.resolve(`@foundry-rs/forge-${os}-${cpu}/bin/${name}`);
    return runProgram(program, ['fmt', ...args]);
  } catch {
    const output = `forge has no package for ${process.platform} ${process.arch} here, so contracts can't be formatted.\n`;
    return Promise.resolve({ ok: false, stdout: '', output });
  }
}
