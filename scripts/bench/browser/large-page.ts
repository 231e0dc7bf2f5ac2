/* Work happens in a worker, as in the product; this page says when it begins and how it ended. */

const worker = new Worker(new URL('./large-worker.ts', import.meta.url), { type: 'module' });
worker.onmessage = ({ data }: MessageEvent<string>) => report(data);
worker.onerror = ({ message }) => report(JSON.stringify({ failure: message }));
worker.postMessage(Number(new URLSearchParams(location.search).get('bytes')));

function report(body: string): void {
  void fetch('/result', { method: 'POST', body });
}
