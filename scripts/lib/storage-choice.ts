/** Storage that runs already, and what to call it. */
export type FoundStorage = {
  readonly rpcUrl: string;
  readonly gatewayUrl: string;
  readonly description: string;
};

const USUAL_RPC_URL = 'http://127.0.0.1:5001';
const PATIENCE_MS = 1_000;

/**
 * A Kubo daemon to use instead of the embedded node: the one that `CHARTKEY_KUBO_RPC_URL` names
 * (`none` for none at all), or one that answers on Kubo's usual port of this machine.
 *
 * Warning: a daemon with its makers' settings announces what it holds to the public network.
 * What it would get is ciphertext of made-up people; for real records use deploy/kubo/settings.ts.
 *
 * @throws Error when the one that was named does not answer
 */
export async function findKuboDaemon(
  named = process.env.CHARTKEY_KUBO_RPC_URL,
  usual = USUAL_RPC_URL,
): Promise<FoundStorage | undefined> {
  if (named === 'none') return undefined;
  const found = await askKubo(named || usual);
  if (found !== undefined || !named) return found;
  throw new Error('No Kubo daemon answers where CHARTKEY_KUBO_RPC_URL points to. Start it, or say "none".');
}

async function askKubo(url: string): Promise<FoundStorage | undefined> {
  const rpcUrl = url.replace(/\/+$/, '');
  const id = await ask(rpcUrl, 'id');
  const agent = /^kubo\/(\d+\.\d+\.\d+)/.exec(String(id?.AgentVersion));
  if (agent === null) return undefined;
  const gateway = await ask(rpcUrl, 'config?arg=Addresses.Gateway');
  const gatewayUrl = urlOf(gateway?.Value, rpcUrl);
  if (gatewayUrl === undefined) return undefined;
  return { rpcUrl, gatewayUrl, description: `Kubo ${agent[1]} at ${rpcUrl}` };
}

async function ask(rpcUrl: string, command: string): Promise<Record<string, unknown> | undefined> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await fetch(`${rpcUrl}/api/v0/${command}`, { method: 'POST', signal, redirect: 'error' });
    return answer.ok ? ((await answer.json()) as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** From a multiaddr, or the first of several; where it listens everywhere, on the RPC's host. */
function urlOf(address: unknown, rpcUrl: string): string | undefined {
  const text = Array.isArray(address) ? String(address[0]) : String(address);
  const [, host, port] = /^\/ip4\/([\d.]+)\/tcp\/(\d+)$/.exec(text) ?? [];
  if (host === undefined || port === undefined) return undefined;
  return `http://${host === '0.0.0.0' ? new URL(rpcUrl).hostname : host}:${port}`;
}
