import type { Command } from '../command.ts';
import { answer } from './answer.ts';
import { grant } from './grant.ts';
import { list } from './list.ts';
import { request } from './request.ts';
import { revoke } from './revoke.ts';

export const consentCommands: readonly Command[] = [grant, revoke, list, request, answer];
