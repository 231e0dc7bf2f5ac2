import type { Command } from '../command.ts';
import { log } from './log.ts';

export const auditCommands: readonly Command[] = [log];
