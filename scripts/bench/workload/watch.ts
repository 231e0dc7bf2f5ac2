/** Looks at a figure ten times a second, and whenever it is told to. */
export type Watch = {
  readonly look: () => void;
  /** MiB, each time that was looked; nothing where the system does not tell. Ends the watch. */
  readonly end: () => readonly number[];
};

/** @param read bytes; 0 where the system does not tell */
export function startWatch(read: () => number): Watch {
  const samples: number[] = [];
  const look = () => {
    const bytes = read();
    if (bytes > 0) samples.push(bytes / 2 ** 20);
  };
  const timer = setInterval(look, 100);
  look();
  const end = () => {
    clearInterval(timer);
    return samples;
  };
  return { look, end };
}
