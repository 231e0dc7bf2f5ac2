/**
 * `npm run audit -- --node URL …`: holds storage nodes against the record index on the chain.
 * Exit code 0: clean; 1: something was found that is not mended; 2: not understood.
 */
import { readFile } from 'node:fs/promises';
import {
  auditRecords,
  createStorageClient,
  type ErasureReceipt,
  eraseRecord,
  parseDeployment,
  type RecordAudit,
  type RecordId,
} from '@chartkey/sdk';
import { clientFor } from './lib/chain.ts';
import { readOptions } from './lib/options.ts';
import { table } from './lib/table.ts';

const HELP = `npm run audit -- --addresses FILE --node URL [--node URL,GATEWAY …] [--rpc URL]

Reads every block of every record on the chain's index from every node, and hashes it; looks for
each pin; and for each ended record asks whether a node still has it.

  --addresses FILE    the contracts' addresses, as deploy/addresses/<chainId>.json
  --node URL          a node's RPC; after a comma its gateway, where that has a port of its own
  --rpc URL           the chain (default: http://127.0.0.1:8545)
  --repair            copies what is missing or corrupt from a healthy node, and pins
  --erase RECORDID    instead: takes this ended record off all nodes, and prints a receipt
  --json              one JSON object`;

const { values } = readOptions(HELP, {
  options: {
    addresses: { type: 'string' },
    node: { type: 'string', multiple: true },
    rpc: { type: 'string', default: 'http://127.0.0.1:8545' },
    repair: { type: 'boolean' },
    erase: { type: 'string' },
    json: { type: 'boolean' },
  },
});

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`audit: ${error instanceof Error ? error.message : 'failed'}`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  if (values.addresses === undefined || values.node === undefined) {
    console.error(HELP);
    return 2;
  }
  const deployment = parseDeployment(JSON.parse(await readFile(values.addresses, 'utf8')));
  const client = clientFor(values.rpc, deployment);
  const nodes = values.node.map((text) => {
    const [rpcUrl = '', gatewayUrl = rpcUrl] = text.split(',');
    return { rpcUrl, gatewayUrl };
  });
  const storage = createStorageClient({ nodes });
  if (values.erase !== undefined) {
    const receipt = await eraseRecord(client, { recordId: values.erase as RecordId, storage });
    if (values.json) console.log(JSON.stringify(receipt, null, 2));
    else printReceipt(receipt);
    return receipt.complete ? 0 : 1;
  }
  const report = await auditRecords(client, { storage, repair: values.repair });
  if (values.json) console.log(JSON.stringify(report, null, 2));
  else printReport(report);
  const mended = report.findings.every(({ repaired }) => repaired);
  return mended && report.nodes.every(({ unreachable }) => unreachable === undefined) ? 0 : 1;
}

function printReport({ nodes, findings, records, clean }: RecordAudit): void {
  console.log(
    table(
      ['node', 'blocks read', 'MB', 'findings', 'reached'],
      nodes.map(({ node, blocks, bytes, findings: found, unreachable }) => [
        node,
        String(blocks),
        (bytes / 1e6).toFixed(1),
        String(found),
        unreachable ?? 'yes',
      ]),
    ),
  );
  const rows = findings.map(({ label, cid, node, finding, repaired }) => [
    finding,
    node || 'every node',
    label,
    cid,
    repaired ? 'yes' : 'no',
  ]);
  if (rows.length > 0) console.log(table(['finding', 'node', 'record', 'block', 'repaired'], rows));
  console.log(`${records.kept} records to keep, ${records.ended} ended. ${clean ? 'Clean.' : 'Not clean.'}`);
}

function printReceipt({ recordId, nodes, blocks, shared, complete }: ErasureReceipt): void {
  console.log(
    table(
      ['node', 'pins taken off', 'blocks not missing'],
      nodes.map(({ node, unpinned, notMissing }) => [
        node,
        String(unpinned),
        `${notMissing} of ${blocks.length}`,
      ]),
    ),
  );
  for (const cid of shared) {
    console.log(`Left where it is, as a record that has not ended names it too: ${cid}`);
  }
  console.log(complete ? `${recordId} is on none of these nodes.` : `${recordId} is not erased everywhere.`);
}
