import type { Command } from '../command.ts';
import { doctor } from './doctor.ts';
import { drain } from './drain.ts';
import { init } from './init.ts';
import { queue } from './queue.ts';
import { status } from './status.ts';

export const relayCommands: readonly Command[] = [init, doctor, status, queue, drain];
