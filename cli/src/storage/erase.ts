import { type ErasureReceipt, eraseRecord } from '@chartkey/sdk';
import { readerFor, storageFor } from '../access.ts';
import { type Command, only } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { recordIdFrom } from '../inputs.ts';
import { table } from '../output.ts';
import { CHAIN_OPTIONS, STORAGE_OPTIONS } from '../settings.ts';

export const erase: Command = {
  name: 'storage erase',
  says: 'Takes an ended record off every node, and prints a receipt',
  positionals: 'RECORD',
  options: { ...CHAIN_OPTIONS, ...STORAGE_OPTIONS },
  more: 'Only what was retired or rejected on the chain. Run it again if a node was down: exit code 1 says that one may still have it.',
  examples: ['storage erase 0x… --json > receipt.json'],
  run: async (given) => {
    const recordId = recordIdFrom(only(given, 'RECORD'), 'RECORD');
    const [client, storage] = [await readerFor(given), await storageFor(given)];
    const receipt = await eraseRecord(client, { recordId, storage });
    return {
      json: receipt,
      lines: linesOf(receipt),
      exitCode: receipt.complete ? EXIT.done : EXIT.found,
    };
  },
};

function linesOf({ recordId, nodes, blocks, shared, complete }: ErasureReceipt): string[] {
  const rows = nodes.map(({ node, unpinned, notMissing }) => [
    node,
    String(unpinned),
    `${notMissing} of ${blocks.length}`,
  ]);
  return [
    ...table(['node', 'pins taken off', 'blocks not missing'], rows),
    ...shared.map((cid) => `Left where it is, as a record that has not ended names it too: ${cid}`),
    '',
    complete ? `${recordId} is on none of these nodes.` : `${recordId} is not erased everywhere.`,
  ];
}
