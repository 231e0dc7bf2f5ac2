/** MiB of a process of Node. */
export type LiveMemory = {
  /** What is still in use once the garbage was collected: heap and buffers outside it. */
  readonly live: number;
  /** Resident, right after that. */
  readonly resident: number;
};

/** The flag that makes a process of Node listen for {@link collectAndMeasure}, on any port. */
export const INSPECTED = '--inspect=127.0.0.1:0';

/** Where it listens, as it said at its start. @throws Error if it said nothing */
export function inspectorOf(output: string): string {
  const url = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(output)?.[0];
  if (url === undefined) throw new Error('The process was not started with an inspector.');
  return url;
}

/** Has a process collect its garbage, all of it, and says what is left. */
export async function collectAndMeasure(inspector: string): Promise<LiveMemory> {
  const socket = new WebSocket(inspector);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('The inspector does not answer.')));
  });
  try {
    // Twice: what the first one finalizes is freed by the second.
    await call(socket, 1, 'HeapProfiler.collectGarbage');
    await call(socket, 2, 'HeapProfiler.collectGarbage');
    const { value } = (await call(socket, 3, 'Runtime.evaluate', EVALUATE)).result as {
      readonly value: string;
    };
    const { heapUsed, external, rss } = JSON.parse(value) as NodeJS.MemoryUsage;
    return { live: (heapUsed + external) / 2 ** 20, resident: rss / 2 ** 20 };
  } finally {
    socket.close();
  }
}

const EVALUATE = { expression: 'JSON.stringify(process.memoryUsage())' };

function call(
  socket: WebSocket,
  id: number,
  method: string,
  params: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const take = ({ data }: MessageEvent) => {
      const answer = JSON.parse(String(data));
      if (answer.id !== id) return;
      socket.removeEventListener('message', take);
      resolve(answer.result);
    };
    socket.addEventListener('message', take);
    socket.addEventListener('close', () => reject(new Error('The process ended.')));
    socket.send(JSON.stringify({ id, method, params }));
  });
}
