import { problemSchema, problemType } from '@chartkey/sdk';
import { z } from 'zod';
import type { ProblemTable } from './problems.ts';

export type Operation<Code extends string = string> = {
  readonly summary: string;
  /** What stands in the path or the query: `{id}` in the path, and the fields of `query`. */
  readonly path?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly request?: z.ZodType;
  /** Text where there is none. */
  readonly response?: z.ZodType;
  readonly problems: readonly Code[];
};

export type OpenApiOptions<Code extends string> = {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly table: ProblemTable;
  /** What every request may be answered with. */
  readonly always: readonly Code[];
  /** By `post /v1/things`. */
  readonly operations: Readonly<Record<string, Operation<Code>>>;
  /** What `/readyz` may be answered with. */
  readonly unready: readonly Code[];
};

const healthSchema = z.object({ status: z.literal('ok'), version: z.string() });

/** OpenAPI 3.1, made of the very schemas that requests are parsed with. */
export function openApiOf<Code extends string>(options: OpenApiOptions<Code>) {
  const { title, version, description } = options;
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, operation] of Object.entries({ ...options.operations, ...stateOf(options) })) {
    const [method = '', path = ''] = name.split(' ');
    paths[path] = { ...paths[path], [method]: operationOf(options, operation) };
  }
  const license = { name: 'Apache-2.0', identifier: 'Apache-2.0' };
  return { openapi: '3.1.0', info: { title, version, description, license }, paths };
}

function stateOf<Code extends string>({ unready }: OpenApiOptions<Code>): Record<string, Operation<Code>> {
  return {
    'get /healthz': { summary: 'The process is up', response: healthSchema, problems: [] },
    'get /readyz': {
      summary: 'It can do its work, and is not about to stop',
      response: healthSchema,
      problems: unready,
    },
    'get /metrics': { summary: 'Counters for Prometheus', problems: [] },
    'get /openapi.json': { summary: 'This document', response: z.looseObject({}), problems: [] },
  };
}

function operationOf<Code extends string>(
  { table, always }: OpenApiOptions<Code>,
  { summary, path, query, request, response, problems }: Operation<Code>,
) {
  const parameters = [...parametersOf('path', path), ...parametersOf('query', query)];
  return {
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(request && { requestBody: { required: true, content: json(request) } }),
    responses: {
      200: {
        description: summary,
        content: response ? json(response) : { 'text/plain': { schema: { type: 'string' } } },
      },
      ...problemResponses(table, [...always, ...problems]),
    },
  };
}

function parametersOf(place: 'path' | 'query', schema: z.ZodObject | undefined) {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !z.safeParse(field as z.ZodType, undefined).success,
    schema: jsonSchema(field as z.ZodType),
  }));
}

function problemResponses(table: ProblemTable, codes: readonly string[]) {
  const byStatus = Map.groupBy(codes, (code) => table[code]?.status ?? 500);
  return Object.fromEntries(
    [...byStatus].map(([status, those]) => [status, problemOf(table, those)] as const),
  );
}

function problemOf(table: ProblemTable, codes: readonly string[]) {
  const titles = codes.map((code) => table[code]?.title ?? '');
  const schema = problemSchema.extend({ type: z.enum(codes.map(problemType)), title: z.enum(titles) });
  return {
    description: titles.join(' Or: '),
    content: { 'application/problem+json': { schema: jsonSchema(schema) } },
  };
}

function json(schema: z.ZodType) {
  return { 'application/json': { schema: jsonSchema(schema) } };
}

/** What goes over the wire, before it is parsed into bytes, numbers and addresses. */
function jsonSchema(schema: z.ZodType) {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
