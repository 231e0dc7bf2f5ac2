/** An RFC 9457 problem document. `title` and `detail` are read by people and hold nothing private. */
export function problem(status: number, title: string, detail: string, headers?: HeadersInit): Response {
  return Response.json(
    { type: 'about:blank', status, title, detail },
    {
      status,
      headers: { 'cache-control': 'no-store', ...headers, 'content-type': 'application/problem+json' },
    },
  );
}
