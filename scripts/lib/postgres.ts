import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, type Service, startService } from './process.ts';

const run = promisify(execFile);

/** Debian keeps each version's programs here. */
const DEBIAN = '/usr/lib/postgresql';

export type RunningPostgres = {
  /** A new, empty database. */
  readonly createDatabase: () => Promise<string>;
  readonly close: () => Promise<void>;
};

/** The folder with `initdb` and `postgres`; undefined if there is no PostgreSQL here. */
export async function findPostgres(): Promise<string | undefined> {
  const versions = await readdir(DEBIAN).catch(() => []);
  const folders = [
    ...(process.env.CHARTKEY_POSTGRES_BIN ? [process.env.CHARTKEY_POSTGRES_BIN] : []),
    ...versions.toSorted((a, b) => Number(b) - Number(a)).map((version) => join(DEBIAN, version, 'bin')),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** A server of our own in a folder of its own, gone when it stops. It refuses to run as root, so root gives way. */
export async function startPostgres(bin: string): Promise<RunningPostgres> {
  // The socket lies in it, and its path may have no more than 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'chartkey-postgres-'));
  const as = await unprivileged(folder);
  const port = await freePort();
  const data = join(folder, 'data');
  const remove = () => rm(folder, { recursive: true, force: true });
  let service: Service;
  try {
    await call(as, join(bin, 'initdb'), [
      '-D',
      data,
      '-U',
      'chartkey',
      '-A',
      'trust',
      '-N',
      '--no-locale',
      '-E',
      'UTF8',
    ]);
    const settings = { port, unix_socket_directories: folder, fsync: 'off', listen_addresses: '127.0.0.1' };
    const [program = '', ...args] = [
      ...as,
      join(bin, 'postgres'),
      '-D',
      data,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    service = await startService({ name: 'postgres', program, args, ready: /ready to accept connections/ });
  } catch (error) {
    await remove();
    throw error;
  }
  const close = async () => {
    await service.close();
    await remove();
  };
  let count = 0;
  const createDatabase = async () => {
    const name = `index${++count}`;
    const args = ['-h', folder, '-p', String(port), '-U', 'chartkey'];
    await call(as, join(bin, 'createdb'), [...args, name]);
    return `postgres://chartkey@127.0.0.1:${port}/${name}`;
  };
  return { createDatabase, close };
}

/** What to put before a program so that it does not run as root. */
async function unprivileged(folder: string): Promise<readonly string[]> {
  if (userInfo().uid !== 0) return [];
  const { stdout } = await run('id', ['-u', 'nobody']);
  const uid = Number(stdout);
  await chown(folder, uid, uid);
  await chmod(folder, 0o700);
  return ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'];
}

async function call(as: readonly string[], program: string, args: readonly string[]): Promise<void> {
  const [first = '', ...rest] = [...as, program, ...args];
  await run(first, rest, { cwd: '/' });
}
