import { request } from 'node:http';
import { connect } from 'node:net';

const CHUNK = Buffer.alloc(1_048_576, 'x');

/**
 * A body of `megabytes`, with its length or in chunks.
 *
 * @returns the status, or undefined if the connection was cut before there was one
 */
export function sendLarge(url: string, megabytes: number, withLength: boolean): Promise<number | undefined> {
  return new Promise((resolve) => {
    const headers = {
      'Content-Type': 'application/json',
      ...(withLength ? { 'Content-Length': String(megabytes * CHUNK.length) } : {}),
    };
    const sending = request(`${url}/v1/shares`, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sending.on('error', () => resolve(undefined));
    sending.on('close', () => resolve(undefined));
    let sent = 0;
    const more = () => {
      while (sent < megabytes && !sending.destroyed) {
        sent++;
        if (!sending.write(CHUNK)) return void sending.once('drain', more);
      }
      sending.end();
    };
    more();
  });
}

/** Connections that send a byte a second and never come to an end. @returns how to let go of them */
export function holdOpen(url: string, count: number): () => number {
  const { port, hostname } = new URL(url);
  const start =
    'POST /v1/shares HTTP/1.1\r\nHost: keeper\r\nContent-Type: application/json\r\nContent-Length: 900\r\n';
  let closed = 0;
  const sockets = Array.from({ length: count }, (_, i) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.on('close', () => closed++);
    socket.resume();
    // Half of them stop within the headers, half within the body.
    socket.write(i % 2 === 0 ? start : `${start}\r\n{`);
    return socket;
  });
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write(' ');
  }, 1_000);
  return () => {
    clearInterval(drip);
    for (const socket of sockets) socket.destroy();
    return closed;
  };
}
