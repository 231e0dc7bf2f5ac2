import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

const ajv = new Ajv2020({ strict: false });

type Documented = {
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
};

/** Fails unless the OpenAPI document has this answer, with this status, media type and body. */
export async function expectDocumented(
  { paths }: { readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> },
  method: string,
  path: string,
  response: Response,
): Promise<void> {
  const operation = paths[path]?.[method.toLowerCase()] as Documented | undefined;
  // What is not served is told with a problem, and is not in the document.
  if (!operation) return expect([404, 405, 413, 429]).toContain(response.status);
  const mediaType = response.headers.get('content-type')?.split(';')[0] ?? '';
  const content = operation.responses[response.status]?.content[mediaType];
  expect(content, `${method} ${path} ${response.status} ${mediaType} is documented`).toBeDefined();
  if (!content || mediaType === 'text/plain') return;
  const valid = ajv.validate(content.schema, await response.clone().json());
  expect(valid, `${method} ${path}: ${ajv.errorsText()}`).toBe(true);
}
