import { auditRecords, ChartkeyError, type RecordAudit } from '@chartkey/sdk';
import { isGated, readerFor, storageFor } from '../access.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { numberFrom } from '../inputs.ts';
import { table } from '../output.ts';
import { progress } from '../progress.ts';
import { CHAIN_OPTIONS, STORAGE_OPTIONS } from '../settings.ts';

const MAX_SAMPLE = 1_000_000;

export const audit: Command = {
  name: 'storage audit',
  says: 'Reads every block of every record on the chain’s index from every node, and hashes it',
  options: {
    sample: { value: 'K', says: 'only K blocks of each body, drawn at random; envelopes and pins always' },
    repair: { says: 'copy what is missing or corrupt from a healthy node, and pin' },
    ...CHAIN_OPTIONS,
    ...STORAGE_OPTIONS,
  },
  more: [
    'Needs the nodes’ RPC, not a gate. Also looks for each pin, and for ended records that a node still has.',
    'A sample of K finds a loss of a fraction f of a body’s blocks with a probability of 1-(1-f)^K.',
    'Exit code 0: clean. 1: something was found, mended or not. 2: could not run.',
  ].join('\n'),
  examples: [
    'storage audit --storage-url http://127.0.0.1:5101 --storage-url http://10.0.0.2:5001,http://10.0.0.2:8080',
    'storage audit --sample 3 --json',
    'storage audit --repair',
  ],
  run: async (given) => {
    const sample = given.text('sample');
    const blocksPerRecord =
      sample === undefined ? undefined : numberFrom(sample, '--sample', [1, MAX_SAMPLE]);
    const [client, storage] = [await readerFor(given), await storageFor(given)];
    if (isGated(storage)) {
      throw new ChartkeyError('INPUT_INVALID', 'storage: a gate can’t be audited; name the nodes behind it.');
    }
    const { say, end } = progress();
    const report = await auditRecords(client, {
      storage,
      blocksPerRecord,
      repair: given.on('repair'),
      onProgress: ({ done, total }) => say(`${done} of ${total} records`),
    });
    end();
    return {
      json: { ...report, blocksPerRecord: blocksPerRecord ?? null },
      lines: linesOf(report, blocksPerRecord),
      exitCode: exitCodeFor(report),
    };
  },
};

/** Nothing was audited if no node could be asked. */
function exitCodeFor({ clean, nodes }: RecordAudit): number {
  if (nodes.every(({ unreachable }) => unreachable !== undefined)) return EXIT.notRun;
  return clean ? EXIT.done : EXIT.found;
}

function linesOf({ nodes, findings, records, clean }: RecordAudit, sample: number | undefined): string[] {
  const perNode = nodes.map(({ node, blocks, bytes, findings: found, unreachable }) => [
    node,
    String(blocks),
    (bytes / 1e6).toFixed(1),
    String(found),
    unreachable ?? 'yes',
  ]);
  const perFinding = findings.map(({ label, cid, node, finding, repaired }) => [
    finding,
    node || 'every node',
    label,
    cid,
    repaired ? 'yes' : 'no',
  ]);
  return [
    ...table(['node', 'blocks read', 'MB', 'findings', 'reached'], perNode),
    '',
    ...(perFinding.length > 0
      ? [...table(['finding', 'node', 'record', 'block', 'repaired'], perFinding), '']
      : []),
    ...(sample === undefined ? [] : [`A sample: ${sample} blocks of each body.`]),
    `${records.kept} records to keep, ${records.ended} ended. ${clean ? 'Clean.' : 'Not clean.'}`,
  ];
}
