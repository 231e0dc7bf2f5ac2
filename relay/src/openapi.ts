import {
  acceptedSchema,
  RELAY_PROBLEMS,
  type RelayProblemCode,
  relayInfoSchema,
  relayProblemSchema,
  relayProblemType,
  requestStatusSchema,
  submissionSchema,
} from '@chartkey/sdk';
import { z } from 'zod';
import { VERSION } from './version.ts';

const healthSchema = z.object({ status: z.literal('ok'), version: z.string() });

/** What every request may be answered with. */
const ANY: readonly RelayProblemCode[] = ['INTERNAL', 'METHOD_NOT_ALLOWED'];
const POSTED: readonly RelayProblemCode[] = [
  'INPUT_INVALID',
  'INPUT_TOO_LARGE',
  'MEDIA_TYPE_UNKNOWN',
  'TARGET_UNKNOWN',
  'NOT_PARTICIPANT',
  'SIGNATURE_INVALID',
  'REQUEST_EXPIRED',
  'NONCE_USED',
  'NONCE_AHEAD',
  'CALL_REFUSED',
  'GAS_TOO_HIGH',
  'RATE_LIMITED',
  'CHAIN_UNREACHABLE',
  'BUSY',
];
const HALTED: readonly RelayProblemCode[] = ['CHAIN_UNREACHABLE', 'FUNDS_LOW', 'FEES_HIGH', 'BUSY'];

type Operation = {
  readonly summary: string;
  readonly request?: z.ZodType;
  /** Text where there is none. */
  readonly response?: z.ZodType;
  readonly problems: readonly RelayProblemCode[];
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'post /v1/requests': {
    summary: 'Takes signed requests, all or none; they are sent in the order of each signer’s numbers',
    request: submissionSchema,
    response: acceptedSchema,
    problems: POSTED,
  },
  'get /v1/requests/{id}': {
    summary: 'What became of a request',
    response: requestStatusSchema,
    problems: ['NOT_FOUND'],
  },
  'get /v1/info': { summary: 'Who this relay is, and its limits', response: relayInfoSchema, problems: [] },
  'get /healthz': { summary: 'The process is up', response: healthSchema, problems: [] },
  'get /readyz': {
    summary: 'The relay can send, and is not about to stop',
    response: healthSchema,
    problems: HALTED,
  },
  'get /metrics': { summary: 'Counters for Prometheus', problems: [] },
  'get /openapi.json': { summary: 'This document', response: z.looseObject({}), problems: [] },
};

/** OpenAPI 3.1, made of the very schemas that requests are parsed with. */
export function openApi() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const [method = '', path = ''] = name.split(' ');
    paths[path] = { ...paths[path], [method]: operationOf(path, operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Chartkey relay',
      version: VERSION,
      description: 'Sends and pays for what participants signed: in order, and once.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
  };
}

function operationOf(path: string, { summary, request, response, problems }: Operation) {
  const id = { name: 'id', in: 'path', required: true, schema: jsonSchema(requestStatusSchema.shape.id) };
  return {
    summary,
    ...(path.includes('{id}') && { parameters: [id] }),
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

function problemResponses(codes: readonly RelayProblemCode[]) {
  const byStatus = Map.groupBy(codes, (code) => RELAY_PROBLEMS[code].status);
  return Object.fromEntries([...byStatus].map(([status, those]) => [status, problemOf(those)] as const));
}

function problemOf(codes: readonly RelayProblemCode[]) {
  const schema = relayProblemSchema.extend({
    type: z.enum(codes.map(relayProblemType)),
    title: z.enum(codes.map((code) => RELAY_PROBLEMS[code].title)),
  });
  return {
    description: codes.map((code) => RELAY_PROBLEMS[code].title).join(' Or: '),
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
