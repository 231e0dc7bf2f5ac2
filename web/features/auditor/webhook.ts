import type { Alert } from '@chartkey/sdk';

/** Whether a webhook took an alert. The server posts it, as a page speaks to nobody but its own server. */
export async function postAlert(url: string, { rule, at, count, blockNumber }: Alert): Promise<boolean> {
  try {
    const answer = await fetch('/api/alerts', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      // Whose openings it is about stays here.
      body: JSON.stringify({ url, alert: { rule, at, count, blockNumber } }),
    });
    const { delivered } = (await answer.json()) as { readonly delivered?: unknown };
    return delivered === true;
  } catch {
    return false;
  }
}

/** Whether an address is one that this server posts to. */
export function isAllowed(url: string, origins: readonly string[]): boolean {
  return URL.canParse(url) && origins.includes(new URL(url).origin);
}
