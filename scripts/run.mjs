/**
 * The door behind every `npm run …`: sees to it that Node 24 and the locked
 * dependencies are there, then runs `scripts/<name>.ts` with them.
 *
 * Plain JavaScript on the standard library alone, because it must run on the
 * Node 20 of a new machine before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_VERSION = '24.21.0';
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const windows = process.platform === 'win32';

const [name, ...args] = process.argv.slice(2);
if (!name) fail('Which script? Call this through npm: npm start, npm test, npm run demo.');

const node = ensureNode();
ensureDependencies(node);
run(node, ['--disable-warning=ExperimentalWarning', join(root, 'scripts', `${name}.ts`), ...args]);

/** The path of a Node 24 or later: this one, or one that npm delivers into `.tools/`. */
function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const os = windows ? 'win' : process.platform;
  const folder = join(root, '.tools', 'node');
  const packageName = `node-${os}-${process.arch}`;
  const binary = join(folder, 'node_modules', packageName, 'bin', windows ? 'node.exe' : 'node');
  if (existsSync(binary) && versionOf(binary) === `v${NODE_VERSION}`) return binary;

  say(`Bringing Node ${NODE_VERSION} (this machine has ${process.versions.node}) …`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  npm(
    process.execPath,
    ['install', '--no-save', '--ignore-scripts', `${packageName}@${NODE_VERSION}`],
    folder,
  );
  if (versionOf(binary) !== `v${NODE_VERSION}`) {
    fail(`Node ${NODE_VERSION} could not be brought. Install Node 24 by hand and try again.`);
  }
  return binary;
}

/** Installs what the lock file names, unless exactly that is installed already. */
function ensureDependencies(nodeBinary) {
  const lockFile = join(root, 'package-lock.json');
  const stampFile = join(root, 'node_modules', '.chartkey-lock');
  const lockBefore = readFileSync(lockFile, 'utf8');
  const stamp = createHash('sha256').update(lockBefore).update(manifests()).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;

  say('Installing the locked dependencies (once; this takes a minute or two) …');
  npm(nodeBinary, ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], root);
  if (readFileSync(lockFile, 'utf8') !== lockBefore) {
    writeFileSync(lockFile, lockBefore);
    fail(
      'npm wanted to change package-lock.json, so what it installed is not what was reviewed. The lock was put back; delete node_modules and try again.',
    );
  }
  writeFileSync(stampFile, stamp);
}

function manifests() {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return ['.', ...workspaces].map((w) => readFileSync(join(root, w, 'package.json'), 'utf8')).join('\n');
}

/** Runs npm itself with the given Node, so that native parts are chosen for that Node. */
function npm(nodeBinary, npmArgs, cwd) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli ? [nodeBinary, [cli]] : [windows ? 'npm.cmd' : 'npm', []];
  const result = spawnSync(command, [...first, ...npmArgs], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environmentFor(nodeBinary),
    shell: !cli && windows,
  });
  if (result.status !== 0)
    fail(
      'npm could not install what is needed. Its message is above; the network or the registry is the usual cause.',
    );
}

function environmentFor(nodeBinary) {
  const path = `${dirname(nodeBinary)}${delimiter}${process.env.PATH ?? ''}`;
  return {
    ...process.env,
    PATH: path,
    NEXT_TELEMETRY_DISABLED: '1',
    HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true',
  };
}

function run(nodeBinary, nodeArgs) {
  const child = spawn(nodeBinary, nodeArgs, { stdio: 'inherit', cwd: root, env: environmentFor(nodeBinary) });
  // The child stops itself on Ctrl-C and cleans up; this process only waits for it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function versionOf(binary) {
  if (!existsSync(binary)) return undefined;
  return spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout?.trim();
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
