import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a gate, counts what it takes, and can leave it for dead. */
export type CountingProxy = {
  readonly url: string;
  /** Bytes in parts of an upload that the gate has confirmed. */
  readonly confirmed: () => number;
  readonly reset: () => void;
  /** Acts once so many parts were answered; further parts fail until {@link CountingProxy.mend}. */
  readonly breakAfter: (parts: number, act: () => Promise<void>) => void;
  readonly mend: () => void;
  readonly close: () => Promise<void>;
};

export async function startCountingProxy(target: string): Promise<CountingProxy> {
  let confirmed = 0;
  let answered = 0;
  let breaking: { readonly parts: number; readonly act: () => Promise<void> } | undefined;
  let broken = false;
  const server = createServer((incoming, outgoing) => {
    const isPart = incoming.url?.endsWith('/car') === true;
    const fail = () => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end();
    };
    let bytes = 0;
    incoming.on('data', (piece: Buffer) => {
      bytes += piece.length;
    });
    if (broken) {
      incoming.resume().on('end', fail);
      return;
    }
    const { hostname, port } = new URL(target);
    const forwarded = request(
      { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        answer.on('end', () => {
          if (!isPart || answer.statusCode !== 200) return;
          confirmed += bytes;
          if (++answered !== breaking?.parts) return;
          broken = true;
          void breaking.act();
        });
      },
    );
    forwarded.on('error', fail);
    incoming.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    confirmed: () => confirmed,
    reset: () => {
      confirmed = 0;
      answered = 0;
      breaking = undefined;
    },
    breakAfter: (parts, act) => {
      breaking = { parts: answered + parts, act };
    },
    mend: () => {
      broken = false;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
