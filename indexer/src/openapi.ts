import {
  INDEX_LISTS,
  INDEX_PROBLEMS,
  type IndexList,
  type IndexProblemCode,
  indexInfoSchema,
  indexProblemSchema,
  indexProblemType,
} from '@chartkey/sdk';
import { z } from 'zod';
import { VERSION } from './version.ts';

const healthSchema = z.object({ status: z.literal('ok'), version: z.string() });

/** What every request may be answered with. */
const ANY: readonly IndexProblemCode[] = ['INTERNAL', 'METHOD_NOT_ALLOWED'];
const ASKED: readonly IndexProblemCode[] = [
  'INPUT_INVALID',
  'INPUT_TOO_LARGE',
  'MEDIA_TYPE_UNKNOWN',
  'RATE_LIMITED',
  'BEHIND',
];

type Operation = {
  readonly summary: string;
  readonly request?: z.ZodType;
  /** Text where there is none. */
  readonly response?: z.ZodType;
  readonly problems: readonly IndexProblemCode[];
};

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

const OPERATIONS: Readonly<Record<string, Operation>> = {
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
  'get /healthz': { summary: 'The process is up', response: healthSchema, problems: [] },
  'get /readyz': {
    summary: 'The index follows the chain, and is not about to stop',
    response: healthSchema,
    problems: ['CHAIN_UNREACHABLE', 'LOG_BROKEN', 'BEHIND', 'BUSY'],
  },
  'get /metrics': { summary: 'Counters for Prometheus', problems: [] },
  'get /openapi.json': { summary: 'This document', response: z.looseObject({}), problems: [] },
};

/** OpenAPI 3.1, made of the very schemas that requests are parsed with. */
export function openApi() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const [method = '', path = ''] = name.split(' ');
    paths[path] = { ...paths[path], [method]: operationOf(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Chartkey index',
      version: VERSION,
      description:
        'Lists read from the chain’s events. Believe none of it that matters: hold it against the chain.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
  };
}

function operationOf({ summary, request, response, problems }: Operation) {
  return {
    summary,
    ...(request && { requestBody: { required: true, content: json(request) } }),
    responses: {
      200: {
        description: summary,
        content: response ? json(response) : { 'text/plain': { schema: { type: 'string' } } },
      },
      ...problemResponses([...ANY, ...problems]),
    },
  };
}

function problemResponses(codes: readonly IndexProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => INDEX_PROBLEMS[code].status);
  return Object.fromEntries([...byStatus].map(([status, those]) => [status, problemOf(those)] as const));
}

function problemOf(codes: readonly IndexProblemCode[]) {
  const schema = indexProblemSchema.extend({
    type: z.enum(codes.map(indexProblemType)),
    title: z.enum(codes.map((code) => INDEX_PROBLEMS[code].title)),
  });
  return {
    description: codes.map((code) => INDEX_PROBLEMS[code].title).join(' Or: '),
    content: { 'application/problem+json': { schema: jsonSchema(schema) } },
  };
}

function json(schema: z.ZodType) {
  return { 'application/json': { schema: jsonSchema(schema) } };
}

/** What goes over the wire, before it is parsed into numbers and addresses. */
function jsonSchema(schema: z.ZodType) {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
