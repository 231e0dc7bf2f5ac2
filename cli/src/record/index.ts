import type { Command } from '../command.ts';
import { add } from './add.ts';
import { accept, reject, retire } from './answer.ts';
import { exportRecord } from './export.ts';
import { importFile } from './import.ts';
import { list } from './list.ts';
import { open } from './open.ts';

export const recordCommands: readonly Command[] = [
  add,
  list,
  open,
  accept,
  reject,
  retire,
  exportRecord,
  importFile,
];
