import { logLine } from './log.ts';

/**
 * The life of a service's process: starts it, says where it listens, closes it on SIGTERM or
 * SIGINT. What stops it from starting is one line, and exit code 1.
 */
export function runService<S extends { close(): Promise<void> }>(
  name: string,
  start: () => Promise<S>,
  listening: (server: S) => string,
): void {
  quietWarnings();
  start().then(
    (server) => {
      console.log(listening(server));
      untilStopped(() => server.close());
    },
    (error: unknown) => {
      console.error(`${name}: ${error instanceof Error ? error.message : 'cannot start'}`);
      process.exit(1);
    },
  );
}

/** A second signal means that somebody does not want to wait. */
function untilStopped(close: () => Promise<void>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Node calls ML-KEM and SQLite experimental at every start, in lines that are no news to an operator. */
function quietWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name }) => {
    if (name !== 'ExperimentalWarning') logLine('warning', { name });
  });
}
