import {
  attestRequestSchema,
  attestResponseSchema,
  infoResponseSchema,
  journalResponseSchema,
  KEEPER_PROBLEMS,
  type KeeperProblemCode,
  problemSchema,
  problemType,
  sharesRequestSchema,
  sharesResponseSchema,
} from '@chartkey/sdk';
import { z } from 'zod';
import { VERSION } from './version.ts';

/** `GET /healthz` and `GET /readyz` */
const healthSchema = z.object({ status: z.literal('ok'), version: z.string() });

/** What every request may be answered with, and what those that carry a body may be too. */
const ANY: readonly KeeperProblemCode[] = ['INTERNAL', 'RATE_LIMITED', 'METHOD_NOT_ALLOWED'];
const BODY: readonly KeeperProblemCode[] = ['INPUT_INVALID', 'INPUT_TOO_LARGE', 'MEDIA_TYPE_UNKNOWN', 'BUSY'];
const CHAIN: readonly KeeperProblemCode[] = [
  'CHAIN_UNREACHABLE',
  'CHAIN_BEHIND',
  'CHAIN_DISAGREES',
  'CHAIN_STALE',
];
const ENVELOPE: readonly KeeperProblemCode[] = [
  'WRONG_CHAIN',
  'WRONG_CONTRACT',
  'KEEPER_SET_WRONG',
  'ENVELOPE_MALFORMED',
  'NOT_MY_ENVELOPE',
  'SHARE_BROKEN',
];

type Operation = {
  readonly summary: string;
  readonly request?: z.ZodType;
  /** Text where there is none. */
  readonly response?: z.ZodType;
  readonly problems: readonly KeeperProblemCode[];
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'post /v1/shares': {
    summary: 'Shares of the records of an opening that stands on the log, sealed to its one-time key',
    request: sharesRequestSchema,
    response: sharesResponseSchema,
    problems: [...BODY, ...CHAIN],
  },
  'post /v1/attest': {
    summary: 'Whether this keeper can open its block of an envelope',
    request: attestRequestSchema,
    response: attestResponseSchema,
    problems: [...BODY, ...CHAIN, ...ENVELOPE],
  },
  'get /v1/info': {
    summary: 'Who this keeper is',
    response: infoResponseSchema,
    problems: [],
  },
  'get /v1/journal': {
    summary: 'The head of the journal of releases, to be published and compared',
    response: journalResponseSchema,
    problems: ['NOT_FOUND'],
  },
  'get /healthz': { summary: 'The process is up', response: healthSchema, problems: [] },
  'get /readyz': {
    summary: 'The keeper can read its chain, and is not about to stop',
    response: healthSchema,
    problems: [...CHAIN, 'BUSY'],
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
      title: 'Chartkey keeper',
      version: VERSION,
      description: 'Releases shares of records’ keys to openings that stand on the access log.',
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

function problemResponses(codes: readonly KeeperProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => KEEPER_PROBLEMS[code].status);
  return Object.fromEntries([...byStatus].map(([status, those]) => [status, problemOf(those)] as const));
}

function problemOf(codes: readonly KeeperProblemCode[]) {
  const schema = problemSchema.extend({
    type: z.enum(codes.map(problemType)),
    title: z.enum(codes.map((code) => KEEPER_PROBLEMS[code].title)),
  });
  return {
    description: codes.map((code) => KEEPER_PROBLEMS[code].title).join(' Or: '),
    content: { 'application/problem+json': { schema: jsonSchema(schema) } },
  };
}

function json(schema: z.ZodType) {
  return { 'application/json': { schema: jsonSchema(schema) } };
}

/** What goes over the wire, before it is parsed into bytes and addresses. */
function jsonSchema(schema: z.ZodType) {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
