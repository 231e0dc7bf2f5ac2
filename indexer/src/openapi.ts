import {
  INDEX_LISTS,
  INDEX_PROBLEMS,
  type IndexList,
  type IndexProblemCode,
  indexInfoSchema,
} from '@chartkey/sdk';
import { type Operation, openApiOf } from '@chartkey/service';
import { VERSION } from './version.ts';

/** What every request may be answered with. */
const ANY: readonly IndexProblemCode[] = ['INTERNAL', 'METHOD_NOT_ALLOWED', 'RATE_LIMITED'];
const ASKED: readonly IndexProblemCode[] = [
  'INPUT_INVALID',
  'INPUT_TOO_LARGE',
  'MEDIA_TYPE_UNKNOWN',
  'BEHIND',
];
const HALTED: readonly IndexProblemCode[] = ['CHAIN_UNREACHABLE', 'LOG_BROKEN', 'BEHIND', 'BUSY'];

const SUMMARIES: Readonly<Record<IndexList, string>> = {
  entries: 'Entries of access logs: who opened or tried to, newest first',
  heads: 'Every patient that has entries, with count and head as this index has them',
  records: 'Records as they stand',
  consents: 'Consents as they stand',
  requests: 'The latest request of each accessor to each patient',
  providers: 'Providers as they stand',
  patients: 'Patients',
  history: 'Every event that is no entry',
};

const OPERATIONS: Readonly<Record<string, Operation<IndexProblemCode>>> = {
  ...Object.fromEntries(
    Object.entries(INDEX_LISTS).map(([name, { query, page }]) => [
      `post /v1/${name}`,
      { summary: SUMMARIES[name as IndexList], request: query, response: page, problems: ASKED },
    ]),
  ),
  'get /v1/info': {
    summary: 'What this index reads, and how far it is',
    response: indexInfoSchema,
    problems: [],
  },
};

/** OpenAPI 3.1, made of the very schemas that requests are parsed with. */
export function openApi() {
  return openApiOf({
    title: 'Chartkey index',
    version: VERSION,
    description:
      'Lists read from the chain’s events. Believe none of it that matters: hold it against the chain.',
    table: INDEX_PROBLEMS,
    always: ANY,
    operations: OPERATIONS,
    unready: HALTED,
  });
}
