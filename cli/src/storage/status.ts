import { type NodeStatus, storageStatus } from '@chartkey/sdk';
import { storageFor } from '../access.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../output.ts';
import { CHAIN_OPTIONS, STORAGE_OPTIONS } from '../settings.ts';

export const status: Command = {
  name: 'storage status',
  says: 'Asks each node whether it is up, what it runs, and how much it holds',
  options: { config: CHAIN_OPTIONS.config, ...STORAGE_OPTIONS },
  more: 'It prints what nodes say of themselves; what they have, chartkey storage audit finds out. Exit code 1: one does not answer.',
  examples: ['storage status', 'storage status --storage-url http://127.0.0.1:5101 --json'],
  run: async (given) => {
    const nodes = await storageStatus(await storageFor(given));
    const isWell = nodes.every(({ fault }) => fault === undefined);
    return {
      json: nodes,
      lines: table(['node', 'answers', 'runs', 'blocks', 'MB', 'MB in all'], nodes.map(cellsOf)),
      exitCode: isWell ? EXIT.done : EXIT.found,
    };
  },
};

function cellsOf({ node, fault, version, blocks, bytes, capacity }: NodeStatus): string[] {
  const megabytes = (count: number | undefined) => (count === undefined ? '-' : (count / 1e6).toFixed(1));
  return [node, fault ?? 'yes', version ?? '-', String(blocks ?? '-'), megabytes(bytes), megabytes(capacity)];
}
