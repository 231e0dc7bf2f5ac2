/** So often at most, where nobody watches a line change. */
const QUIET_MS = 5_000;

export type Progress = {
  /** What is being done now; on a terminal it takes the place of what was said before. */
  readonly say: (text: string) => void;
  /** Clears the line. */
  readonly end: () => void;
};

/** Takes a line of progress away, so that what comes next stands alone. */
export function clearLine(stream: NodeJS.WriteStream = process.stderr): void {
  if (stream.isTTY) stream.write('\r\u001b[2K');
}

/** Progress on stderr: a line that changes on a terminal, a line now and then elsewhere. */
export function progress(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (stream.isTTY) {
    return {
      say: (text) => void stream.write(`\r\u001b[2K${text.slice(0, (stream.columns || 80) - 1)}`),
      end: () => clearLine(stream),
    };
  }
  let saidAt = 0;
  return {
    say: (text) => {
      const now = Date.now();
      if (now - saidAt < QUIET_MS) return;
      saidAt = now;
      stream.write(`${text}\n`);
    },
    end: () => undefined,
  };
}
