import type { Command } from '../command.ts';
import { exportEntries } from './export.ts';
import { log } from './log.ts';
import { verify } from './verify.ts';
import { watch } from './watch.ts';

/** Who looked, whether that is all of it, and what of it to look at. */
export const auditCommands: readonly Command[] = [log, verify, exportEntries, watch];
