import { type ExportedEntry, entriesFrom } from '@chartkey/sdk';
import { readerFor } from '../access.ts';
import type { Command } from '../command.ts';
import { timeText } from '../inputs.ts';
import type { Listing } from '../output.ts';
import { progress } from '../progress.ts';
import { CHAIN_OPTIONS, INDEX_OPTIONS } from '../settings.ts';
import { FILTER_OPTIONS, filterFrom } from './filter.ts';
import { indexFor } from './source.ts';

export const log: Command = {
  name: 'audit log',
  says: 'Lists entries of access logs: who looked, at what, when, why',
  options: { ...FILTER_OPTIONS, ...CHAIN_OPTIONS, ...INDEX_OPTIONS },
  more: 'Anybody may ask: what is listed stands on the chain. That nothing is left out, chartkey audit verify proves.',
  lists: true,
  examples: [
    'audit log --patient 0x… --since 30d',
    'audit log --outcome denied --ndjson > refused.ndjson',
    'audit log --accessor 0x… --purpose ETREAT --json',
  ],
  run: async (given) => {
    const filter = filterFrom(given);
    const index = await indexFor(given, filter);
    const client = await readerFor(given);
    const { say, end } = progress();
    const onProgress = ({ done, total }: { readonly done: number; readonly total: number }) =>
      done < total ? say(`${done} of ${total} blocks`) : end();
    const listing: Listing<ExportedEntry> = {
      items: entriesFrom(client, { index, filter, onProgress }),
      columns: ['time', 'decision', 'purpose', 'accessor', 'patient', 'no.', 'record'],
      row: ({ openedAt, decision, purpose, accessor, patient, sequence, recordId }) => [
        timeText(openedAt),
        decision,
        purpose,
        accessor,
        patient,
        String(sequence),
        recordId,
      ],
      empty: 'No entry.',
    };
    return listing;
  },
};
