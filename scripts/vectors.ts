import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runAge } from './vectors/age.ts';
import { runEnvelope } from './vectors/envelope.ts';
import { writeEnvelopeVectors } from './vectors/envelope-make.ts';
import { runFloe } from './vectors/floe.ts';
import { runHpke } from './vectors/hpke.ts';
import type { JsonRunner, Outcome, Runner } from './vectors/outcome.ts';
import { runWycheproof } from './vectors/wycheproof.ts';

const HELP = `Runs every known-answer file it knows in a folder and below.

  npm run vectors                 ../shared/vectors, if there, and sdk/vectors
  npm run vectors -- FOLDER …     these folders or files instead
  npm run vectors -- --write      writes sdk/vectors anew (only after a change of the format)

Knows: FLOE's *_ct.txt beside *_pt.txt, HPKE in the shape of RFC 9180 and hpke-pq, Wycheproof
testvectors_v1 (AES-GCM, HKDF, HMAC, X25519, ML-KEM), CCTV's age/testdata, and this format's own. Other files are
listed as not recognized. Ends with "N passed, N failed"; exit code 1 if anything failed or
nothing was found.`;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const runners: readonly Runner[] = [runFloe, runJson, passOverBodies, runAge];
const jsonRunners: readonly JsonRunner[] = [runEnvelope, runHpke, runWycheproof];

function runJson(path: string): Promise<readonly Outcome[]> | undefined {
  if (!path.endsWith('.json')) return undefined;
  const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
  for (const runner of jsonRunners) {
    const outcomes = runner(json, path);
    if (outcomes) return outcomes;
  }
  return undefined;
}

/** A body is read by the vector that names it. */
function passOverBodies(path: string): Promise<readonly Outcome[]> | undefined {
  const named = path.endsWith('.body') && existsSync(join(dirname(path), 'envelope.json'));
  return named ? Promise.resolve([]) : undefined;
}

function runFile(path: string): Promise<readonly Outcome[]> | undefined {
  for (const runner of runners) {
    const outcomes = runner(path);
    if (outcomes) return outcomes;
  }
  return undefined;
}

/** Files of a folder and below, in order; what starts with a dot is left alone. */
function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => !name.startsWith('.'));
  return names.sort().flatMap((name) => filesOf(join(path, name)));
}

function count(outcomes: readonly Outcome[], kind: Outcome['kind']): number {
  return outcomes.filter((outcome) => outcome.kind === kind).length;
}

function report(name: string, outcomes: readonly Outcome[]): void {
  const skips = new Map<string, number>();
  for (const outcome of outcomes) {
    if (outcome.kind === 'skipped') skips.set(outcome.why, (skips.get(outcome.why) ?? 0) + 1);
  }
  console.log(`${name}: ${count(outcomes, 'passed')} passed, ${count(outcomes, 'failed')} failed`);
  for (const [why, times] of skips) console.log(`  skipped ${times}: ${why}`);
  for (const outcome of outcomes) {
    if (outcome.kind === 'failed') console.log(`  FAILED ${outcome.id}: ${outcome.why}`);
  }
}

async function runAll(folders: readonly string[]): Promise<Outcome[]> {
  const all: Outcome[] = [];
  for (const path of folders.flatMap(filesOf)) {
    const name = relative(process.cwd(), path);
    const outcomes = await runGuarded(path);
    if (!outcomes) {
      console.log(`${name}: not recognized`);
      continue;
    }
    all.push(...outcomes);
    if (outcomes.length > 0) report(name, outcomes);
  }
  return all;
}

/** A file that can't even be read is a failure, not the end of the run. */
async function runGuarded(path: string): Promise<readonly Outcome[] | undefined> {
  try {
    return await runFile(path);
  } catch (error) {
    return [
      { kind: 'failed', id: 'the whole file', why: error instanceof Error ? error.message : String(error) },
    ];
  }
}

function defaultFolders(): string[] {
  const shared = join(root, '..', 'shared', 'vectors');
  if (!existsSync(shared)) console.log('../shared/vectors is not there; running our own vectors only.');
  return [shared, join(root, 'sdk', 'vectors')].filter(existsSync);
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(HELP);
    return 0;
  }
  if (args.includes('--write')) await writeEnvelopeVectors(join(root, 'sdk', 'vectors'));
  const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--write');
  const folders = args.filter((arg) => !arg.startsWith('-')).map((arg) => resolve(arg));
  const missing = folders.find((folder) => !existsSync(folder));
  if (unknown || missing) {
    console.error(unknown ? `Unknown option ${unknown}. Try --help.` : `There is no ${missing}.`);
    return 2;
  }
  const outcomes = await runAll(folders.length > 0 ? folders : defaultFolders());
  const failed = count(outcomes, 'failed');
  const done = count(outcomes, 'passed');
  console.log(`${done} passed, ${failed} failed`);
  return failed > 0 || done === 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
