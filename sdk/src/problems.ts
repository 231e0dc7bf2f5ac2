import { z } from './zod.ts';

const URN = 'urn:chartkey:problem:';

/** RFC 9457 problem details, as every service of ours answers errors. */
export const problemSchema = z.object({
  type: z.string().max(128),
  title: z.string().max(256),
  status: z.int(),
  detail: z.string().max(1_024).optional(),
});

/** `urn:chartkey:problem:<code>` */
export function problemType(code: string): string {
  return `${URN}${code}`;
}

/** The code in a problem's type, if the table has it: whatever else somebody wrote is no code of ours. */
export function problemCode<Code extends string>(
  table: Readonly<Record<Code, unknown>>,
  type: string | undefined,
): Code | undefined {
  const code = type?.startsWith(URN) ? type.slice(URN.length) : '';
  return isCodeOf(table, code) ? code : undefined;
}

export function isCodeOf<Code extends string>(
  table: Readonly<Record<Code, unknown>>,
  code: string,
): code is Code {
  return Object.hasOwn(table, code);
}
