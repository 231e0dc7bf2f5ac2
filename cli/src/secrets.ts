import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { ChartkeyError } from '@chartkey/sdk';
import { readSecret } from './files.ts';
import { variableOf } from './settings.ts';

export type SecretPlaces = {
  /** What the question says: `Passphrase`. */
  readonly name: string;
  /** The option that names its file. */
  readonly option: string;
  readonly file?: string | undefined;
  /** The variable that may hold it. */
  readonly variable: string;
  /** Whether it is chosen now, and so is asked for twice. */
  readonly fresh?: boolean;
};

/**
 * A secret from a file that nobody else may read, else from the environment, else from whoever
 * sits at the terminal. Never from the command line, which every process of a machine can read.
 *
 * @throws ChartkeyError `INPUT_INVALID`
 */
export async function secretFrom({ name, option, file, variable, fresh }: SecretPlaces): Promise<string> {
  if (file !== undefined) return readSecret(file, option);
  const fromEnvironment = variableOf(variable);
  if (fromEnvironment) return fromEnvironment;
  if (!process.stdin.isTTY) {
    throw new ChartkeyError('INPUT_INVALID', `${name} is needed: --${option} or ${variable}.`);
  }
  const secret = await askSecret(`${name}: `);
  if (fresh && (await askSecret('Once more: ')) !== secret) {
    throw new ChartkeyError('INPUT_INVALID', 'The two differ.');
  }
  return secret;
}

async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
