import type { Command } from '../command.ts';
import { audit } from './audit.ts';
import { erase } from './erase.ts';
import { status } from './status.ts';

export const storageCommands: readonly Command[] = [audit, status, erase];
