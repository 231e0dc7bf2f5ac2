import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  auditIndex,
  auditLogs,
  type ChartkeyClient,
  ChartkeyError,
  describeVerdict,
  entriesFrom,
  type Index,
  type LogFinding,
  type LogVerdict,
  patientsOf,
  type TrustedBlock,
  verifyProofFile,
} from '@chartkey/sdk';
import { type Address, getAddress } from 'viem';
import { deploymentFor, readerFor } from '../access.ts';
import { type Command, type Given, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { addressFrom } from '../inputs.ts';
import type { Result } from '../output.ts';
import { CHAIN_OPTIONS, INDEX_OPTIONS } from '../settings.ts';
import { BLOCK_OPTIONS, hashFrom, trustedBlock } from './block.ts';
import { indexFrom } from './source.ts';
import { toldFinding } from './told.ts';

/** No more than so many are told of. */
const MAX_TOLD = 100;

export const verify: Command = {
  name: 'audit verify',
  says: 'Checks that access logs are complete, in order and unedited',
  options: {
    patient: {
      value: 'ADDRESS',
      says: 'of this patient; again for another (default: of all)',
      multiple: true,
    },
    file: { value: 'FILE', says: 'checks a proof file instead, offline: needs --block-hash' },
    ...BLOCK_OPTIONS,
    ...CHAIN_OPTIONS,
    ...INDEX_OPTIONS,
  },
  more: `The head of each log is proven against the block’s hash, so neither an index nor a node nor whoever made
a file is believed: only the hash. Exit code 1 if anything is not as it should be; what an index
hides, invents, edits, reorders or delays is named by its number.`,
  examples: [
    'audit verify --index-url http://127.0.0.1:5401',
    'audit verify --patient 0x… --json',
    'audit verify --file proof.ndjson --block-hash 0x…',
  ],
  run: (given) => {
    const file = given.text('file');
    return file === undefined ? verifyOnline(given) : verifyFile(given, file);
  },
};

async function verifyFile(given: Given, path: string): Promise<Result> {
  const blockHash = hashFrom(given);
  if (blockHash === undefined) {
    throw new UsageError('--block-hash must be given: a file proves nothing without a hash that you trust');
  }
  const { log, chainId } = await deploymentFor(given);
  const input = createReadStream(path, 'utf8');
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const failed = new Promise<never>((_, reject) => {
    input.once('error', () => reject(new ChartkeyError('INPUT_INVALID', '--file: can’t be read.')));
  });
  const verdict = await Promise.race([verifyProofFile(lines, { blockHash, log, chainId }), failed]);
  const { ok, block, patients, entries, broken } = verdict;
  return {
    json: { ok, block, patients, entries, broken },
    lines: [
      `${ok ? 'PROVEN' : 'NOT PROVEN'}: ${patients} logs, ${entries} entries, in block ${block.number}`,
      ...broken.map(describeVerdict),
    ],
    exitCode: ok ? EXIT.done : EXIT.found,
  };
}

async function verifyOnline(given: Given): Promise<Result> {
  const index = await indexFrom(given);
  const client = await readerFor(given);
  const block = await trustedBlock(client, given);
  const asked = given.list('patient').map((text) => addressFrom(text, '--patient'));
  const checked = { logs: 0, entries: 0, proven: 0 };
  const broken: (LogVerdict & { findings: readonly LogFinding[] })[] = [];
  const patients = asked.length > 0 ? asked : patientsOf(client, { toBlock: block.number });
  // An index’s list is read to its end: what claims to come later than it does is looked at too.
  const entriesOf = (patient: Address) =>
    entriesFrom(client, { index, filter: { patient }, toBlock: index ? undefined : block.number });
  for await (const verdict of auditLogs(client, { patients, block, entriesOf })) {
    checked.logs += 1;
    checked.entries += verdict.entries;
    // For a few, what no head shows is looked at as well: block and transaction of each entry.
    const findings =
      index && (!verdict.ok || asked.length > 0) && broken.length < MAX_TOLD
        ? await findingsOf(client, index, verdict.patient, block)
        : [];
    if (verdict.ok && findings.length === 0) checked.proven += 1;
    else if (broken.length < MAX_TOLD) broken.push({ ...verdict, findings });
  }
  const ok = checked.proven === checked.logs;
  return {
    json: { ok, block, ...checked, broken },
    lines: [
      `${ok ? 'PROVEN' : 'NOT PROVEN'}: ${checked.proven} of ${checked.logs} logs, ${checked.entries} entries, in block ${block.number}`,
      `Block hash: ${block.hash}`,
      ...broken.flatMap((verdict) => [describeVerdict(verdict), ...verdict.findings.map(toldFinding)]),
    ],
    exitCode: ok ? EXIT.done : EXIT.found,
  };
}

async function findingsOf(
  client: ChartkeyClient,
  index: Index,
  patient: Address,
  { hash, number }: TrustedBlock,
): Promise<readonly LogFinding[]> {
  const options = { index, patient: getAddress(patient), blockHash: hash, blockNumber: number };
  return (await auditIndex(client, options)).findings;
}
