/** `chartkey audit …` in this process, which says at its end how much memory it held at most. */
import { resourceUsage } from 'node:process';
import { auditCommands } from '../../../cli/src/audit/index.ts';
import { runCommand } from '../../../cli/src/command.ts';

const [verb = '', ...args] = process.argv.slice(2);
const command = auditCommands.find(({ name }) => name === `audit ${verb}`);
if (!command) throw new Error(`There is no audit ${verb}.`);
const code = await runCommand(command, args);
if (code !== 0) process.exit(code);
// Kibibytes, of the largest moment.
console.log(`peak ${resourceUsage().maxRSS * 1_024}`);
// The figure is read before this one is gone.
setTimeout(() => undefined, 60_000);
