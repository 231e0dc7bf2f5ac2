/* Work happens in a worker, as in the product; this page says what to do and how it ended. */

const WORKERS: Readonly<Record<string, () => Worker>> = {
  crypto: () => new Worker(new URL('./crypto-worker.ts', import.meta.url), { type: 'module' }),
  large: () => new Worker(new URL('./large-worker.ts', import.meta.url), { type: 'module' }),
  upload: () => new Worker(new URL('./upload-worker.ts', import.meta.url), { type: 'module' }),
};

const query = new URLSearchParams(location.search);
const worker = WORKERS[query.get('work') ?? '']?.();
if (worker === undefined) report(JSON.stringify({ failure: 'there is no such work' }));
else {
  worker.onmessage = ({ data }: MessageEvent<string>) => report(data);
  worker.onerror = ({ message }) => report(JSON.stringify({ failure: message }));
  worker.postMessage(Object.fromEntries(query));
}

function report(body: string): void {
  void fetch('/result', { method: 'POST', body });
}
