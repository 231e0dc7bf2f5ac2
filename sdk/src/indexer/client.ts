import type { z } from 'zod';
import { ask } from '../ask.ts';
import { IndexError } from '../errors.ts';
import { indexProblem, indexUnreachable } from './problems.ts';
import type { IndexInfo, IndexList, ListItem, ListPage, ListQuery } from './protocol.ts';

/**
 * Where lists are read from. It is believed in nothing that matters: what it says of a log is held
 * against the chain (`audit`), and what decides anything is read from the contracts.
 */
export type Index = {
  /** The base URL, or a path of one's own server that leads there. */
  readonly url: string;
  /** Longest time for one answer, in milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
  /**
   * How long {@link readIndex} waits for an index that does not answer, or has had too many questions,
   * before it fails, in milliseconds. Default 0. A long list goes on where it was.
   */
  readonly patienceMs?: number;
};

/** No answer of an index is longer than this. */
const MAX_ANSWER_BYTES = 4_194_304;

/** One page of a list. @throws IndexError `INDEX_UNREACHABLE`, `INDEX_REFUSED`, `INDEX_WRONG_ANSWER` */
export async function askIndex<list extends IndexList>(
  index: Index,
  list: list,
  query: ListQuery<list>,
): Promise<ListPage<list>> {
  const { INDEX_LISTS } = await protocol();
  const answer = await askFor(index, `v1/${list}`, INDEX_LISTS[list].page, query);
  // The schema of this list made it; the compiler can't follow the key that far.
  return answer as ListPage<list>;
}

/** A list from its first item to its last, page by page. @throws as {@link askIndex} */
export async function* readIndex<list extends IndexList>(
  index: Index,
  list: list,
  query: ListQuery<list>,
): AsyncGenerator<ListItem<list>> {
  const { MAX_PAGE } = await protocol();
  let cursor: string | undefined;
  do {
    const page: ListPage<list> = await patiently(index, () =>
      askIndex(index, list, { limit: MAX_PAGE, ...query, cursor }),
    );
    yield* page.items as ListItem<list>[];
    if (page.next !== null && page.next === cursor) throw wrongAnswer();
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

const FIRST_WAIT_MS = 250;
const MAX_WAIT_MS = 5_000;

async function patiently<T>({ patienceMs = 0 }: Index, ask: () => Promise<T>): Promise<T> {
  const late = Date.now() + patienceMs;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, MAX_WAIT_MS)) {
    try {
      return await ask();
    } catch (error) {
      const isOver = Date.now() + waitMs > late;
      if (isOver || !(error instanceof IndexError) || !error.retryable) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** `GET /v1/info`. @throws as {@link askIndex} */
export async function indexInfo(index: Index): Promise<IndexInfo> {
  const { indexInfoSchema } = await protocol();
  return askFor(index, 'v1/info', indexInfoSchema);
}

/** Loaded when it is used: schemas would be a fifth of what a page loads first. */
const protocol = () => import('./protocol.ts');

async function askFor<schema extends z.ZodType>(
  { url, timeoutMs = 15_000 }: Index,
  path: string,
  schema: schema,
  body?: unknown,
): Promise<z.output<schema>> {
  const place = `${url.replace(/\/+$/, '')}/${path}`;
  const answer = await ask({ url: place, body, timeoutMs, maxBytes: MAX_ANSWER_BYTES });
  if (answer.kind === 'unreachable') throw indexUnreachable(answer.cause);
  if (answer.kind === 'endless') throw wrongAnswer();
  if (answer.kind === 'problem') throw indexProblem(answer.type, answer.status);
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return parsed.data;
  throw wrongAnswer();
}

function wrongAnswer(): IndexError {
  return new IndexError('INDEX_WRONG_ANSWER', 'The index answered with something that is no answer.', {
    advice: 'Read from the chain itself, or ask another index.',
  });
}
