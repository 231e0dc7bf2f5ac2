import { table } from '../lib/table.ts';
import type { DemoResult } from './result.ts';

/** The result as tables for people. */
export function printResult({ ok, records, gas, checks, log, peakMemory }: DemoResult): void {
  console.log(
    table(
      ['file', 'size', 'seal ms', 'open ms', 'same bytes'],
      records.map((r) => [
        r.file,
        size(r.bytes),
        r.sealMs.toFixed(0),
        r.openMs.toFixed(0),
        r.plaintextSha256 === r.openedSha256 ? 'yes' : 'NO',
      ]),
    ),
  );
  console.log(
    table(
      ['call', 'gas'],
      Object.entries(gas).map(([call, used]) => [call, used.toLocaleString('en')]),
    ),
  );
  console.log(
    table(
      ['check', 'held'],
      checks.map((c) => [c.name, c.ok ? 'yes' : `NO ${c.detail ?? ''}`]),
    ),
  );
  console.log(
    `log: ${log.entries} entries, head on chain ${log.headOnChain.slice(0, 18)}…, recomputed ${log.headRecomputed.slice(0, 18)}…`,
  );
  console.log(`memory at most: ${size(peakMemory)}`);
  console.log(ok ? '\nEverything held.' : '\nNot everything held: see NO above.');
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
