import type { Command } from '../command.ts';
import { attest } from './attest.ts';
import { doctor } from './doctor.ts';
import { handover } from './handover.ts';
import { init } from './init.ts';
import { journal } from './journal.ts';
import { register } from './register.ts';
import { rotate } from './rotate.ts';

export const keeperCommands: readonly Command[] = [init, register, rotate, handover, attest, doctor, journal];
