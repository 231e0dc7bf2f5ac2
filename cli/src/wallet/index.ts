import type { Command } from '../command.ts';
import { create } from './create.ts';

export const walletCommands: readonly Command[] = [create];
