/** Blocks that a request works with right now. They stay, whatever the ledger says. */
export type Holds = {
  open(): Hold;
  has(digest: Uint8Array): boolean;
};

export type Hold = {
  take(digest: Uint8Array): void;
  taken(): Iterable<Uint8Array>;
  close(): void;
};

/** In memory: a request does not outlive the process. */
export function createHolds(): Holds {
  const counts = new Map<string, number>();
  const change = (name: string, by: 1 | -1) => {
    const count = (counts.get(name) ?? 0) + by;
    if (count === 0) counts.delete(name);
    else counts.set(name, count);
  };
  return {
    open() {
      const own = new Map<string, Uint8Array>();
      return {
        take(digest) {
          const name = nameOf(digest);
          if (own.has(name)) return;
          own.set(name, digest);
          change(name, 1);
        },
        taken: () => own.values(),
        close() {
          for (const name of own.keys()) change(name, -1);
          own.clear();
        },
      };
    },
    has: (digest) => counts.has(nameOf(digest)),
  };
}

function nameOf(digest: Uint8Array): string {
  return Buffer.from(digest).toString('latin1');
}
