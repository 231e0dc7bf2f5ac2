import type { Command } from '../command.ts';
import { apply } from './apply.ts';
import { list } from './list.ts';
import { register } from './register.ts';
import { show } from './show.ts';
import { reinstate, suspend, verify } from './standing.ts';

export const participantCommands: readonly Command[] = [
  register,
  apply,
  show,
  list,
  verify,
  suspend,
  reinstate,
];
