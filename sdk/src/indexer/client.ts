import type { z } from 'zod';
import { IndexError } from '../errors.ts';
import { indexProblem, indexUnreachable } from './problems.ts';
import {
  INDEX_LISTS,
  type IndexInfo,
  type IndexList,
  indexInfoSchema,
  indexProblemSchema,
  type ListItem,
  type ListPage,
  type ListQuery,
  MAX_PAGE,
} from './protocol.ts';

/**
 * Where lists are read from. It is believed in nothing that matters: what it says of a log is held
 * against the chain (`audit`), and what decides anything is read from the contracts.
 */
export type Index = {
  /** The base URL, or a path of one's own server that leads there. */
  readonly url: string;
  /** Longest time for one answer, in milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
};

/** No answer of an index is longer than this. */
const MAX_ANSWER_BYTES = 4_194_304;

/** One page of a list. @throws IndexError `INDEX_UNREACHABLE`, `INDEX_REFUSED`, `INDEX_WRONG_ANSWER` */
export async function askIndex<list extends IndexList>(
  index: Index,
  list: list,
  query: ListQuery<list>,
): Promise<ListPage<list>> {
  const answer = await ask(index, `v1/${list}`, INDEX_LISTS[list].page, query);
  // The schema of this list made it; the compiler can't follow the key that far.
  return answer as ListPage<list>;
}

/** A list from its first item to its last, page by page. @throws as {@link askIndex} */
export async function* readIndex<list extends IndexList>(
  index: Index,
  list: list,
  query: ListQuery<list>,
): AsyncGenerator<ListItem<list>> {
  let cursor: string | undefined;
  do {
    const page: ListPage<list> = await askIndex(index, list, { limit: MAX_PAGE, ...query, cursor });
    yield* page.items as ListItem<list>[];
    if (page.next !== null && page.next === cursor) throw wrongAnswer();
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

/** `GET /v1/info`. @throws as {@link askIndex} */
export function indexInfo(index: Index): Promise<IndexInfo> {
  return ask(index, 'v1/info', indexInfoSchema);
}

async function ask<schema extends z.ZodType>(
  { url, timeoutMs = 15_000 }: Index,
  path: string,
  schema: schema,
  body?: unknown,
): Promise<z.output<schema>> {
  const answer = await fetchAnswer(`${url.replace(/\/+$/, '')}/${path}`, {
    ...(body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw wrongAnswer();
}

async function fetchAnswer(url: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, init);
    text = await response.text();
  } catch (cause) {
    throw indexUnreachable(cause);
  }
  if (text.length > MAX_ANSWER_BYTES) throw wrongAnswer();
  const json = parseJson(text);
  if (response.ok) return json;
  throw indexProblem(indexProblemSchema.safeParse(json).data?.type, response.status);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrongAnswer(): IndexError {
  return new IndexError('INDEX_WRONG_ANSWER', 'The index answered with something that is no answer.', {
    advice: 'Read from the chain itself, or ask another index.',
  });
}
