import { describeDecision } from '../../contracts/decisions.ts';
import {
  type ExportContext,
  type ExportedEntry,
  type ExportVerdict,
  isoTime,
  plainEntry,
} from './exported-entry.ts';

/** A report that needs nothing but a browser: the verdict on its first page, the entries after it. */
export async function* exportHtml(
  entries: AsyncIterable<ExportedEntry>,
  context: ExportContext,
  verdict: ExportVerdict,
): AsyncGenerator<string> {
  yield head(context, verdict);
  for await (const entry of entries) yield row(entry);
  yield '</tbody></table></main></body></html>\n';
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 75rem; padding: 1rem; }
.verdict { border: 3px solid; border-radius: 0.5rem; padding: 1rem 1.5rem; break-after: page; }
.ok { border-color: #1a7f37; } .broken { border-color: #c11; }
.verdict h2 { margin-top: 0; } .ok h2 { color: #1a7f37; } .broken h2 { color: #c11; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 0.8rem; }
th, td { border-bottom: 1px solid #8885; padding: 0.25rem 0.5rem; text-align: left; vertical-align: top; }
td.id { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
tr.refused td { background: #c111; } thead { display: table-header-group; }
`;

function head(context: ExportContext, verdict: ExportVerdict): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Who looked: access log report</title><style>${STYLE}</style></head><body><main>
<h1>Who looked</h1>
${verdictSection(context, verdict)}
<h2>Entries</h2>
<table><thead><tr><th>When (UTC)</th><th>Patient, number</th><th>Who</th><th>Organisation</th><th>Record</th><th>Why</th><th>Outcome</th><th>Block</th></tr></thead><tbody>
`;
}

function verdictSection(
  { chainId, log, exportedAt, filters }: ExportContext,
  verdict: ExportVerdict,
): string {
  const { ok, block, patients, proven, entries, faults } = verdict;
  const title = ok ? 'Complete, in order and unedited' : 'Not proven';
  const says = ok
    ? 'For every patient in this report the whole log up to the block below was read: no entry is missing, changed or out of order. Their hashes add up to the head that the contract holds, and that head is proven to stand in the block. The rows are those of it that were asked for.'
    : 'For at least one patient in this report the entries don’t add up to the head that the contract holds. Entries are missing, invented, changed or in another order.';
  const facts = [
    ['Logs proven', `${proven} of ${patients}, ${entries} entries`],
    ['Block', `${block.number}, ${isoTime(block.timestamp)}`],
    ['Block hash', block.hash],
    ['Access log', `${log} on chain ${chainId}`],
    ['Asked for', filters.length === 0 ? 'everything' : filters.join('; ')],
    ['Made', exportedAt.toISOString()],
  ];
  return `<section class="verdict ${ok ? 'ok' : 'broken'}"><h2>${title}</h2><p>${says}</p>
${faults.length === 0 ? '' : `<ul>${faults.map((fault) => `<li>${escaped(fault)}</li>`).join('')}</ul>`}
<dl>${facts.map(([name = '', value = '']) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>
<p>The verdict holds if the block hash is one that you trust: compare it with that of your own node. Organisation and block of a row are in no head: they are as the source of the list has them. A proof file of the same log can be checked offline with <code>chartkey audit verify</code>.</p></section>`;
}

function row(entry: ExportedEntry): string {
  const plain = plainEntry(entry);
  const cells: readonly (readonly [string, string])[] = [
    ['', plain.openedAt],
    ['id', `${plain.patient}, ${plain.sequence}`],
    ['id', plain.accessor],
    ['id', plain.organisation ?? ''],
    ['id', plain.recordId],
    ['', plain.emergency ? `${plain.purpose} (emergency)` : plain.purpose],
    ['', describeDecision(entry.decision)],
    ['', String(plain.blockNumber)],
  ];
  const html = cells.map(([kind, text]) => `<td${kind && ` class="${kind}"`}>${escaped(text)}</td>`).join('');
  return `<tr${plain.outcome === 'refused' ? ' class="refused"' : ''}>${html}</tr>\n`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
