/**
 * Maps with several calls under way and gives the results in the source's order. At most
 * `ahead` results exist at once, however slow the consumer is.
 */
export async function* mapInOrder<T, R>(
  source: AsyncIterable<T>,
  ahead: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  for await (const item of source) {
    const result = map(item);
    // It may fail before its turn; the failure is met when its turn comes.
    result.catch(() => undefined);
    running.push(result);
    const first = running.length >= ahead ? running.shift() : undefined;
    if (first !== undefined) yield await first;
  }
  for (let first = running.shift(); first !== undefined; first = running.shift()) yield await first;
}
