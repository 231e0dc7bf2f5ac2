import { z } from './zod.ts';

/** RFC 9457 problem details, as every service of ours answers errors. */
export const problemSchema = z.object({
  type: z.string().max(128),
  title: z.string().max(256),
  status: z.int(),
  detail: z.string().max(1_024).optional(),
});
