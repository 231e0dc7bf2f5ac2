/* Work happens in a worker, as in the product; this page only passes the result on. */

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }: MessageEvent<string>) => report(data);
worker.onerror = ({ message }) => report(JSON.stringify({ failure: message }));

function report(body: string): void {
  void fetch('/result', { method: 'POST', body });
}
