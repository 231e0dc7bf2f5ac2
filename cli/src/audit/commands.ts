import type { Command } from '../command.ts';
import { exportEntries } from './export.ts';
import { verify } from './verify.ts';
import { watch } from './watch.ts';

/** Whether access logs are what they say, and what stands in them. */
export const auditCommands: readonly Command[] = [verify, exportEntries, watch];
