type Line = { turn: Promise<unknown>; next: bigint };

const lines = new Map<string, Line>();

/**
 * Gives out a signer's numbers one after the other: the next request is signed once the one before
 * was taken, so that none is left out and none is given twice, however many are under way. A number
 * whose request was not taken is given to the next one.
 */
export function inTurn<T>(
  signer: string,
  nextOnChain: () => Promise<bigint>,
  take: (nonce: bigint) => Promise<T>,
): Promise<T> {
  const line = lines.get(signer) ?? { turn: Promise.resolve(), next: 0n };
  lines.set(signer, line);
  const work = line.turn.then(async () => {
    const onChain = await nextOnChain();
    const nonce = line.next > onChain ? line.next : onChain;
    const taken = await take(nonce);
    line.next = nonce + 1n;
    return taken;
  });
  line.turn = work.catch(() => undefined);
  return work;
}

/** What was taken will not be made after all: the chain says what comes next. */
export function startAnew(signer: string): void {
  const line = lines.get(signer);
  if (line) line.next = 0n;
}
