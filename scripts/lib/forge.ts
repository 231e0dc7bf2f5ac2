import { chmod, cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, runProgram, type ToolResult } from './tool.ts';

/**
 * The forge of this machine. The program is called directly: the npm package's own wrapper wants
 * its postinstall script, and dependencies are installed without scripts.
 * @throws Error where forge has no package
 */
export function forgeProgram(): string {
  const os = process.platform === 'win32' ? 'win32' : process.platform;
  const cpu = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = process.platform === 'win32' ? 'forge.exe' : 'forge';
  const require = createRequire(join(root, 'package.json'));
  try {
    return require.resolve(`@foundry-rs/forge-${os}-${cpu}/bin/${name}`);
  } catch {
    throw new Error(`forge has no package for ${process.platform} ${process.arch} here.`);
  }
}

/** Formats contracts with `forge fmt`. */
export async function forgeFmt(...args: readonly string[]): Promise<ToolResult> {
  try {
    return await runProgram(forgeProgram(), ['fmt', ...args]);
  } catch (error) {
    const output = `${error instanceof Error ? error.message : error} Contracts can't be formatted without.\n`;
    return { ok: false, stdout: '', output };
  }
}

export type ForgeWorkspace = {
  readonly folder: string;
  readonly forge: (args: readonly string[], timeoutMs?: number) => Promise<ToolResult>;
  readonly close: () => Promise<void>;
};

const SETTINGS = `[profile.default]
src = "contracts"
test = "test/contracts"
libs = ["node_modules"]
solc = "./solc"
offline = true
evm_version = "cancun"
optimizer = false
auto_detect_remappings = false
remappings = ["@openzeppelin/=node_modules/@openzeppelin/"]
gas_limit = "18446744073709551615"

[fuzz]
runs = 64
seed = "0x1"
`;

/** Forge asks for the version each time it runs; loading the compiler for that would take longer than many a test. */
function solcProgram(): string {
  const { version } = createRequire(import.meta.url)('solc') as { readonly version: () => string };
  return `#!/bin/sh
if [ "$1" = --version ]; then
  echo "solc, the solidity compiler commandline interface"
  echo "Version: ${version()}"
else
  exec "${process.execPath}" "${join(root, 'scripts/lib/solc.mjs')}"
fi
`;
}

/**
 * A copy of the contracts and of their Solidity tests in a folder of its own, for tools that look at the source closely
 * or change it. Nothing is optimized there, so that building takes seconds and every line can be told from the next;
 * the compiler is the one from npm.
 */
export async function openForgeWorkspace(): Promise<ForgeWorkspace> {
  const program = forgeProgram();
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-forge-'));
  for (const part of ['contracts', 'test/contracts'])
    await cp(join(root, part), join(folder, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  await writeFile(join(folder, 'foundry.toml'), SETTINGS);
  await writeFile(join(folder, 'solc'), solcProgram());
  await chmod(join(folder, 'solc'), 0o755);
  return {
    folder,
    forge: (args, timeoutMs) => runProgram(program, args, folder, timeoutMs),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
