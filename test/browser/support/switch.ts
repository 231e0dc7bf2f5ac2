import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An address that leads to one service or another, or to none. */
export type Switch = {
  readonly url: string;
  /** Leads there from now on; without a target nobody answers. */
  readonly point: (target: string | undefined) => void;
  readonly close: () => Promise<void>;
};

export async function startSwitch(): Promise<Switch> {
  let target: string | undefined;
  const server = createServer((incoming, outgoing) => {
    if (target === undefined) {
      incoming.socket.destroy();
      return;
    }
    const { hostname, port } = new URL(target);
    const { method, headers, url: path } = incoming;
    const forwarded = request({ hostname, port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    point: (next) => {
      target = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
