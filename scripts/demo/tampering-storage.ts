import { createServer } from 'node:http';

/** A storage node that passes everything on, and flips one bit in each block of 64 kB and more. */
export async function startTamperingStorage(
  upstream: string,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const answer = await fetch(`${upstream}${request.url ?? '/'}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (bytes.length >= 65_536) bytes[1_000] = (bytes[1_000] ?? 0) ^ 1;
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
