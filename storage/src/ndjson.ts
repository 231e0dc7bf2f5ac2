export function ndjson(lines: readonly unknown[]): Response {
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return new Response(body, { headers: { 'Content-Type': 'application/json' } });
}

export function ndjsonLine(line: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(line)}\n`);
}
